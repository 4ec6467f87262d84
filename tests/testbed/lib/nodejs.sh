# Node.js versions that Debian does not ship. npm packages carry the real binaries; without a registry the nodes do without these versions.

nodejs_versions=(18.20.8 22.23.3)
nodejs_npm=10.9.9

nodejs_missing() {
  # What failed a moment ago is not tried again with every boot.
  [[ -z $(find "$cache/nodejs/.tried" -mmin -10 2>/dev/null) ]] || return 1
  local version
  for version in "${nodejs_versions[@]}" "npm-$nodejs_npm"; do
    [[ -d $cache/nodejs/$version ]] || return 0
  done
  return 1
}

nodejs_fetch() {
  local version platform
  mkdir -p "$cache/nodejs"
  touch "$cache/nodejs/.tried"
  case $(uname -m) in
    aarch64) platform=linux-arm64 ;;
    *) platform=linux-x64 ;;
  esac
  nodejs_unpack "npm@$nodejs_npm" "npm-$nodejs_npm" --exclude=package/docs --exclude=package/man || return 0
  for version in "${nodejs_versions[@]}"; do
    nodejs_unpack "node-$platform@$version" "$version" package/bin/node || return 0
  done
}

nodejs_unpack() {
  local package=$1 folder=$cache/nodejs/$2 building
  shift 2
  [[ ! -d $folder ]] || return 0
  building=$(mktemp -d "$cache/nodejs/.unpack.XXXXXX")
  chmod 0755 "$building"
  mkdir "$building/files"
  if npm pack --silent --fetch-retries=1 --pack-destination "$building" "$package" >/dev/null 2>"$building/error" </dev/null &&
    tar -xf "$building"/*.tgz -C "$building/files" --strip-components=1 --no-same-owner "$@"; then
    mv "$building/files" "$folder"
    rm -rf "$building"
  else
    echo "vps: npm could not fetch $package, so test nodes have only the Node.js of Debian: $(tail -n 1 "$building/error")" >&2
    rm -rf "$building"
    return 1
  fi
}

# The versions that were fetched, and the npm that goes with them, as the offline nixpkgs reads them.
nodejs_have() {
  local version have=()
  for version in "${nodejs_versions[@]}"; do
    [[ ! -d $cache/nodejs/npm-$nodejs_npm || ! -d $cache/nodejs/$version ]] || have+=("$version")
  done
  jq -cn --arg npm "$nodejs_npm" '{npm: $npm, versions: $ARGS.positional}' --args "${have[@]}"
}

nodejs_install() {
  local name=$1 folder
  for folder in "$cache"/nodejs/*/; do
    node_copy "$name" "${folder%/}" "$guest_nodejs/$(basename "$folder")"
  done
  nodejs_have | node_exec "$name" -- tee "$guest_nixpkgs/nodejs-versions.json" >/dev/null
}
