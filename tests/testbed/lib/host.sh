# What this machine can do.

# Where the cgroup v2 hierarchy is mounted: everywhere on a unified host, beside the v1 controllers on a hybrid one.
host_cgroup2() {
  local source mount type rest
  while read -r source mount type rest; do
    if [[ $type == cgroup2 ]]; then
      echo "$mount"
      return
    fi
  done </proc/self/mounts
  return 1
}

# The cheap tests; what they cannot see, boot reports with the console's last lines.
host_check() {
  ((EUID == 0)) || fail "cannot boot a VPS here: it needs root"
  local tool
  for tool in systemd-nspawn mmdebstrap nsenter ip; do
    command -v "$tool" >/dev/null || fail "cannot boot a VPS here: $tool is missing (tests/testbed/setup.sh installs it)"
  done
  grep -qw overlay /proc/filesystems || modprobe -q overlay 2>/dev/null || fail "cannot boot a VPS here: the kernel has no overlayfs"
  unshare --mount --pid --ipc --uts --fork true 2>/dev/null || fail "cannot boot a VPS here: no privilege to make namespaces"
  local cgroup2
  cgroup2=$(host_cgroup2) || fail "cannot boot a VPS here: no cgroup v2 hierarchy is mounted"
  mkdir -p "$cgroup2/vpspilot" 2>/dev/null || fail "cannot boot a VPS here: $cgroup2 is read-only"
}

# A folder in which overlay uppers work: the cache, or where that is an overlay itself (containers), a tmpfs.
host_disks() {
  local folder
  for folder in "$cache/nodes" "$state/disks"; do
    mkdir -p "$folder"
    if host_overlay_works "$folder"; then
      echo "$folder"
      return
    fi
  done
  mountpoint -q "$folder" || mount -t tmpfs -o mode=0755 vpspilot-testbed "$folder"
  host_overlay_works "$folder" || fail "overlayfs works neither in $cache nor on a tmpfs"
  echo "$folder"
}

host_overlay_works() {
  local probe
  probe=$(mktemp -d "$1/.probe.XXXXXX")
  mkdir "$probe/lower" "$probe/upper" "$probe/work" "$probe/root"
  local works=1
  if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/root" 2>/dev/null; then
    touch "$probe/root/x" && works=0
    umount "$probe/root"
  fi
  rm -rf "$probe"
  return "$works"
}

# Real nixpkgs needs both its source and its binary cache. The answer is kept for ten minutes.
host_route() {
  local answer=${VPSPILOT_NIXPKGS:-}
  if [[ -z $answer ]]; then
    mkdir -p "$state"
    if [[ -n $(find "$state/route" -mmin -10 2>/dev/null) ]]; then
      answer=$(<"$state/route")
    else
      answer=offline
      if curl -fsS -m 3 -o /dev/null https://cache.nixos.org/nix-cache-info 2>/dev/null &&
        curl -fsSI -m 3 -o /dev/null https://github.com/NixOS/nixpkgs 2>/dev/null; then
        answer=online
      fi
      echo "$answer" >"$state/route"
    fi
  fi
  echo "$answer"
}

host_nixpkgs() {
  if [[ $(host_route) == online ]]; then
    echo online
  else
    echo "offline $guest_nixpkgs"
  fi
}

# How npm reaches its registry from here, without keys: an npmrc. Kept for ten minutes, since npm takes a second to tell.
host_npmrc() {
  if [[ -z $(find "$state/npmrc" -mmin -10 2>/dev/null) ]]; then
    { npm config list --json 2>/dev/null || echo '{}'; } |
      jq -r '{registry, proxy, "https-proxy", noproxy, "strict-ssl"} | to_entries[]
        | (.value | if type == "array" then join(",") else . end) as $value | select($value != null and $value != "") | "\(.key) = \($value)"' >"$state/npmrc.$$"
    mv "$state/npmrc.$$" "$state/npmrc"
  fi
  cat "$state/npmrc"
  # A Node.js that is not Debian's brings its own list of authorities.
  printf '%s\n' 'cafile = /etc/ssl/certs/ca-certificates.crt' 'audit = false' 'fund = false' 'update-notifier = false'
}
