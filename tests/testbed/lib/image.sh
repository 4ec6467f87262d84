# The cached root: a Debian layer by mmdebstrap, and over it a thin layer with the offline nixpkgs and its built packages.

image_packages=(
  systemd systemd-sysv dbus sudo procps iproute2 iputils-ping netbase
  nix-bin nix-setup-systemd git curl ca-certificates openssh-client
  caddy nodejs npm
  golang-go python3 python3-venv python3-django python3-gunicorn ruby bundler ruby-rackup
  php-cli php-bcmath php-curl php-mbstring php-redis php-sqlite3 php-xml php-zip composer
  zstd xz-utils sqlite3 jq file less
)

# Units of no use to a test node; without them it boots in well under a second.
image_masked=(
  systemd-networkd.service systemd-networkd-wait-online.service systemd-resolved.service systemd-timesyncd.service
  console-getty.service getty.target getty-static.service systemd-pstore.service
  apt-daily.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer
  systemd-journal-catalog-update.service systemd-update-done.service ldconfig.service
  caddy.service caddy-api.service
)

image_base() {
  local recipe
  recipe=$({ echo "${image_packages[*]} ${image_masked[*]}" && declare -f image_make_base; } | sha256sum)
  echo "$cache/images/debian-${recipe:0:16}"
}

image_warm() {
  local recipe
  recipe=$(cd "$here/nixpkgs" && find . -type f -print0 | sort -z | xargs -0 sha256sum | cat - <(image_base; nodejs_have) | sha256sum)
  echo "$cache/images/nixpkgs-${recipe:0:16}"
}

# Overlay lower layers, topmost first, as the mount option wants them.
image_layers() {
  echo "$(image_warm):$(image_base)"
}

image_make() {
  if [[ ! -d $(image_base) || ! -d $(image_warm) ]] || nodejs_missing; then
    mkdir -p "$cache/images"
    exec {image_lock}>"$cache/images/.lock"
    flock "$image_lock"
    ! nodejs_missing || nodejs_fetch
    [[ -d $(image_base) ]] || image_make_base
    [[ -d $(image_warm) ]] || image_make_warm
    exec {image_lock}>&-
  fi
  image_layers
}

# The archive that this machine's apt uses. Without one (another distribution) mmdebstrap's own default applies.
image_mirror() {
  grep -qs '^ID=debian' /etc/os-release || return 0
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | grep -v security | head -n 1 || true
}

image_make_base() {
  local base building mirror options=() unit
  base=$(image_base)
  building=$(mktemp -d "$cache/images/.debian.XXXXXX")
  chmod 0755 "$building"
  mirror=${VPSPILOT_DEBIAN_MIRROR:-$(image_mirror)}
  apt-config dump 2>/dev/null | grep -E '^Acquire::(https?|Check-Valid-Until|Check-Date|Retries)\b' | grep -v '""' >"$building.apt" || true
  [[ ! -s $building.apt ]] || options+=(--aptopt="$building.apt")

  echo "vps: making the Debian 13 root (once; about a minute)" >&2
  if ! mmdebstrap --mode=root --variant=minbase --skip=check/qemu --quiet \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt=force-unsafe-io "${options[@]}" \
    --include="$(IFS=,; echo "${image_packages[*]}")" \
    trixie "$building/root" ${mirror:+"deb $mirror trixie main"} >"$building.log" 2>&1 </dev/null; then
    tail -n 15 "$building.log" >&2
    rm -rf "$building" "$building.apt" "$building.log"
    fail "mmdebstrap could not make the root"
  fi
  rm -f "$building.apt" "$building.log"

  local root=$building/root generator
  for unit in "${image_masked[@]}"; do
    ln -sfn /dev/null "$root/etc/systemd/system/$unit"
  done
  # Each daemon-reload runs every generator, and none of them has anything to find here.
  mkdir -p "$root/etc/systemd/system-generators"
  for generator in "$root"/usr/lib/systemd/system-generators/*; do
    ln -s /dev/null "$root/etc/systemd/system-generators/${generator##*/}"
  done
  # Each node writes its own.
  rm -f "$root/etc/hostname" "$root/etc/machine-id" "$root/etc/resolv.conf" "$root/etc/apt/apt.conf.d/99mmdebstrap"
  touch "$root/etc/resolv.conf"
  cat >"$root/etc/nix/nix.conf" <<'NIX'
build-users-group = nixbld
experimental-features = nix-command flakes
# The offline nixpkgs points at Debian's binaries, which a sandbox would hide.
sandbox = false
substituters =
flake-registry =
warn-dirty = false
!include /etc/nix/site.conf
NIX
  : >"$root/etc/nix/site.conf"
  mkdir -p "$root/opt/vpspilot-testbed" "$root/etc/systemd/journald.conf.d" "$root/var/log/journal"
  printf '[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\n' >"$root/etc/systemd/journald.conf.d/testbed.conf"
  # Builds have a PATH and a HOME of their own; this way each npm still finds the settings that node_configure writes.
  mkdir -p "$root/etc/systemd/system.conf.d"
  printf '[Manager]\nDefaultEnvironment=npm_config_globalconfig=/etc/npmrc\n' >"$root/etc/systemd/system.conf.d/npm.conf"
  mv "$root" "$base"
  rmdir "$building"
}

# Boots the bare Debian layer once, installs the offline nixpkgs, builds all of its packages, and keeps what that wrote.
image_make_warm() {
  local name=warm-$$ warm upper
  warm=$(image_warm)
  node_start "$name" "$(image_base)" >/dev/null
  trap 'node_rm "$name" >/dev/null 2>&1 || true' EXIT
  node_copy "$name" "$here/nixpkgs" "$guest_nixpkgs"
  # What Debian ships decides which attributes exist, and what they call themselves.
  node_exec "$name" -- dpkg-query -W -f '${Package} ${Version}\n' |
    jq -Rn '[inputs | split(" ") | {(.[0]): .[1]}] | add' |
    node_exec "$name" -- tee "$guest_nixpkgs/debian-versions.json" >/dev/null
  nodejs_install "$name"
  node_exec "$name" -- nix build --quiet --no-link "path:$guest_nixpkgs#all" || fail "the offline nixpkgs does not build"
  node_stop "$name"
  upper=$(node_disk "$name")/upper
  rm -rf "$upper"/etc/{hostname,hosts,machine-id,resolv.conf,nix/site.conf} "$upper"/{run,tmp,root/.cache} "$upper"/var/{log,tmp}
  mv "$upper" "$warm"
  node_rm "$name"
  trap - EXIT
}

image_prune() {
  local image used
  used=$(cat "$cache"/nodes/*/layers "$state"/disks/*/layers /proc/self/mounts 2>/dev/null; image_layers)
  for image in "$cache"/images/*-*; do
    [[ $used == *"$image"* ]] || rm -rf "$image"
  done
}
