# One test VPS: an overlay over the image (its disk), and while it runs, a folder of state with the pids.

node_name() {
  [[ ${1:-} =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] || fail "'${1:-}' is no node name: small letters, digits and dashes"
}

node_disk() {
  local folder
  for folder in "$state/disks/$1" "$cache/nodes/$1"; do
    if [[ -d $folder ]]; then
      echo "$folder"
      return
    fi
  done
  return 1
}

# Pid of the node's PID 1. After a reboot from inside, nspawn goes on with another one.
node_alive() {
  node_pid "$1" leader || node_adopt "$1"
}

# The pid noted as leader or supervisor. A pid that was reused by another process does not count.
node_pid() {
  local pid started
  read -r pid started 2>/dev/null <"$state/$1/$2" || return 1
  [[ $(node_started "$pid") == "$started" ]] || return 1
  echo "$pid"
}

# nspawn's first child is a helper; the leader is the one that is PID 1 in a namespace of its own and runs systemd.
node_adopt() {
  local supervisor leader
  supervisor=$(node_pid "$1" supervisor) || return 1
  leader=$(cat "/proc/$supervisor/task/$supervisor/children" 2>/dev/null) || return 1
  leader=${leader%% *}
  [[ $(awk '/^NSpid:/ {print $NF}' "/proc/$leader/status" 2>/dev/null) == 1 ]] || return 1
  [[ $(cat "/proc/$leader/comm" 2>/dev/null) == systemd ]] || return 1
  if grep -qsx -e --private-network "$(node_disk "$1")/options"; then
    # Not yet, for example while the kernel takes the network of the last boot down: tried again with the next look.
    network_attach "$1" "$leader" || return 1
  fi
  echo "$leader $(node_started "$leader")" >"$state/$1/leader"
  echo "$leader"
}

node_started() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  set -- $stat
  # A zombie is gone, and field 22 counts from the pid: start time in ticks since boot.
  [[ $1 == Z || $1 == X ]] || echo "${20}"
}

node_leader() {
  node_name "${1:-}"
  node_alive "$1" || fail "no node named $1 is running"
}

node_boot() {
  node_name "${1:-}"
  local name=$1 disk options
  shift
  if node_await "$name"; then
    return
  fi
  # What has not come up by now is stuck. Its nspawn must be gone before another one takes the disk.
  if node_pid "$name" supervisor >/dev/null; then
    node_kill "$name"
  fi
  # The image a disk was made over stays its image.
  disk=$(node_disk "$name") || image_make >/dev/null
  # A restart keeps the network and the binds of the last boot unless told otherwise.
  if (($# == 0)) && [[ -n $disk && -f $disk/options ]]; then
    mapfile -t options <"$disk/options"
    set -- "${options[@]}"
  fi
  node_start "$name" "$(image_layers)" "$@"
}

node_start() {
  local name=$1 layers=$2 disk flags=() private='' bind
  shift 2
  disk=$(node_disk "$name") || disk=$(host_disks)/$name
  mkdir -p "$disk"/{upper,work,root} "$state/$name"
  printf '%s\n' "$@" | sed '/^$/d' >"$disk/options"
  [[ -f $disk/layers ]] || echo "$layers" >"$disk/layers"
  layers=$(<"$disk/layers")

  while (($# > 0)); do
    case $1 in
      --private-network) private=yes ;;
      --bind)
        bind=${2:?--bind needs a folder}
        flags+=(--bind="$bind")
        shift
        ;;
      --owner)
        echo "$2 $(node_started "$2")" >"$disk/owner"
        shift
        ;;
      *) fail "boot does not know $1" ;;
    esac
    shift
  done

  mountpoint -q "$disk/root" ||
    mount -t overlay "vpspilot-$name" -o "lowerdir=$layers,upperdir=$disk/upper,workdir=$disk/work" "$disk/root" ||
    fail "cannot mount the disk of $name"
  node_configure "$name" "$disk/root" "$private"

  flags+=(--directory="$disk/root" --machine="$name" --boot --register=no --keep-unit --quiet --settings=no --link-journal=no --timezone=off)
  if [[ -n $private ]]; then
    flags+=(--private-network --resolv-conf=off)
  else
    flags+=(--resolv-conf=copy-host)
  fi
  [[ ! -f /etc/ssl/certs/ca-certificates.crt ]] || flags+=(--bind-ro=/etc/ssl/certs/ca-certificates.crt)

  rm -f "$state/$name"/*
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 setsid bash -c "$(declare -f node_started node_supervise); node_supervise \"\$@\"" node_supervise \
    "$(host_cgroup2)" "$state/$name" "${flags[@]}" </dev/null >"$state/$name/console" 2>&1 &
  disown
  for _ in {1..100}; do
    [[ ! -s $state/$name/supervisor ]] || break
    sleep 0.02
  done
  if ! node_await "$name"; then
    tail -n 5 "$state/$name/console" >&2 || true
    node_kill "$name"
    fail "$name did not boot"
  fi
}

# Each node needs a cgroup of its own: two PID 1s in one would adopt each other's services.
node_supervise() {
  local cgroup2=$1 folder=$2 name=${2##*/}
  shift 2
  echo "$$ $(node_started $$)" >"$folder/supervisor"
  local fd
  for fd in /proc/self/fd/*; do
    # Locks and pipes of the caller must not live as long as the node.
    ((${fd##*/} <= 2)) || eval "exec ${fd##*/}>&-" 2>/dev/null || true
  done
  if [[ -d /run/systemd/system ]]; then
    exec systemd-run --scope --quiet --collect --unit="vpspilot-testbed-$name" -p Delegate=yes systemd-nspawn "$@"
  fi
  mkdir -p "$cgroup2/vpspilot/$name"
  echo "$BASHPID" >"$cgroup2/vpspilot/$name/cgroup.procs"
  if [[ -d /sys/fs/cgroup/systemd ]]; then
    mkdir -p "/sys/fs/cgroup/systemd/vpspilot/$name"
    echo "$BASHPID" >"/sys/fs/cgroup/systemd/vpspilot/$name/cgroup.procs"
  fi
  exec systemd-nspawn "$@"
}

# What differs from node to node.
node_configure() {
  local name=$1 root=$2 private=$3
  echo "$name" >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$name" >"$root/etc/hosts"
  [[ -n $private ]] || echo '127.0.0.1 testbed-host' >>"$root/etc/hosts"
  [[ -s $root/etc/machine-id ]] || tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  host_npmrc >"$root/etc/npmrc"
  : >"$root/etc/nix/site.conf"
  if [[ -z $private && $(host_route) == online ]]; then
    printf 'substituters = https://cache.nixos.org\nflake-registry = https://channels.nixos.org/flake-registry.json\n' >"$root/etc/nix/site.conf"
  fi
}

# Waits until systemd has started everything and prints the leader; fails as soon as nothing runs.
node_await() {
  local leader status deadline=$((SECONDS + ${VPSPILOT_BOOT_SECONDS:-100}))
  while node_pid "$1" supervisor >/dev/null && ((SECONDS < deadline)); do
    if leader=$(node_alive "$1"); then
      # A PID 1 on its way down may take the question and never answer.
      status=$(timeout -k 1 5 nsenter -t "$leader" -m -p -r /usr/bin/systemctl is-system-running 2>/dev/null || true)
      if [[ $status == running || $status == degraded ]]; then
        echo "$leader"
        return
      fi
    fi
    sleep 0.05
  done
  return 1
}

# In a subshell: this very process moves into the node's cgroup.
node_exec() (
  local name=${1:-} leader cgroup
  leader=$(node_leader "$name") || exit
  shift
  [[ ${1:-} != -- ]] || shift
  (($# > 0)) || fail "usage: vps.sh exec NAME -- COMMAND..."
  # From outside its cgroups the node's systemd could not move the command into a scope.
  cgroup=$(sed -n 's/^0:://p' "/proc/$leader/cgroup")
  echo "$BASHPID" >"$(host_cgroup2)$cgroup/cgroup.procs"
  nsenter -t "$leader" -a -- /usr/bin/env -i -C /root \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LOGNAME=root SHELL=/bin/bash LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
)

node_copy() {
  (($# == 3)) || fail "usage: vps.sh copy NAME SRC DST"
  local name=$1 from=$2 to=$3
  if [[ -d $from ]]; then
    tar -C "$from" --owner=0 --group=0 -c . | node_exec "$name" -- /bin/sh -c 'mkdir -p "$1" && tar -C "$1" -x' copy "$to"
  elif [[ -f $from ]]; then
    [[ $to != */ ]] || to+=$(basename "$from")
    node_exec "$name" -- /bin/sh -c 'mkdir -p "$(dirname "$1")" && cat >"$1.copying" && chmod "$2" "$1.copying" && mv "$1.copying" "$1"' \
      copy "$to" "$(stat -c %a "$from")" <"$from"
  else
    fail "there is no $from to copy"
  fi
}

node_stop() {
  node_name "${1:-}"
  local leader deadline=$((SECONDS + 15))
  if leader=$(node_alive "$1"); then
    timeout -k 1 5 nsenter -t "$leader" -m -p -r /usr/bin/systemctl --no-block poweroff 2>/dev/null || true
    while node_alive "$1" >/dev/null && ((SECONDS < deadline)); do
      sleep 0.05
    done
  fi
  node_kill "$1"
}

# SIGKILL to PID 1 takes the whole pid namespace with it, commands of exec included.
node_kill() {
  node_name "${1:-}"
  local pid disk
  # The supervisor first: it must not start another PID 1.
  for pid in $(node_pid "$1" supervisor) $(node_alive "$1"); do
    kill -KILL "$pid" 2>/dev/null || true
  done
  # One that is still on its way to become PID 1 is only known by its cgroup.
  { echo 1 >"$(host_cgroup2)/vpspilot/$1/cgroup.kill"; } 2>/dev/null || true
  for _ in {1..200}; do
    node_pid "$1" leader >/dev/null || break
    sleep 0.02
  done
  if [[ -f $state/$1/network ]]; then
    ip link delete "vpspilot$(<"$state/$1/network")" 2>/dev/null || true
  fi
  rm -rf "${state:?}/$1"
  if disk=$(node_disk "$1") && mountpoint -q "$disk/root"; then
    umount "$disk/root" 2>/dev/null || umount --lazy "$disk/root"
  fi
  node_forget_cgroups "$1"
}

# They can be removed as soon as the last process has been reaped.
node_forget_cgroups() {
  local cgroups=("$(host_cgroup2)/vpspilot/$1" "/sys/fs/cgroup/systemd/vpspilot/$1")
  for _ in {1..50}; do
    find "${cgroups[@]}" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [[ -d ${cgroups[0]} || -d ${cgroups[1]} ]] || return 0
    sleep 0.02
  done
}

node_rm() {
  node_name "${1:-}"
  local disk
  node_kill "$1"
  if disk=$(node_disk "$1"); then
    rm -rf --one-file-system "$disk"
  fi
}

# Removes what a test run that was killed could not remove.
node_reap() {
  local file owner started
  mkdir -p "$state"
  exec {reap_lock}>"$state/.reap.lock"
  flock "$reap_lock"
  for file in "$cache"/nodes/*/owner "$state"/disks/*/owner; do
    read -r owner started <"$file" || continue
    [[ $(node_started "$owner") == "$started" ]] || node_rm "$(basename "$(dirname "$file")")"
  done
}

node_list() {
  local folder name leader
  for folder in "$cache"/nodes/*/ "$state"/disks/*/; do
    name=$(basename "$folder")
    if leader=$(node_alive "$name"); then
      printf '%s running %s %s %s\n' "$name" "$leader" \
        "$(sed 's/.*/10.213.&.2/' "$state/$name/network" 2>/dev/null || echo 127.0.0.1)" "${folder%/}"
    else
      printf '%s stopped - - %s\n' "$name" "${folder%/}"
    fi
  done
}
