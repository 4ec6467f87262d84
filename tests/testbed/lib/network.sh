# Private networks: a veth pair per node, 10.213.N.1 on this machine and 10.213.N.2 in the node. No route beyond.

network_attach() {
  local failed=0
  exec {network_lock}>"$state/.network.lock"
  flock -w 30 "$network_lock" || fail "the private networks have been locked for 30 seconds"
  network_pair "$1" "$2" || failed=1
  exec {network_lock}>&-
  return "$failed"
}

# The address is the last thing made: where it is missing, an earlier attempt stopped half-way.
network_pair() {
  local name=$1 inside=(timeout -k 1 5 nsenter -t "$2" -n ip) number hosts
  if "${inside[@]}" -4 -brief address show dev host0 2>/dev/null | grep -q ' 10\.213\.'; then
    return
  fi
  number=$(cat "$state/$name/network" 2>/dev/null) || number=$(network_free) || return 1
  ip link delete "vpspilot$number" 2>/dev/null || true
  ip link add "vpspilot$number" type veth peer name host0 netns "$2" || return 1
  echo "$number" >"$state/$name/network"
  ip address add "10.213.$number.1/24" dev "vpspilot$number" &&
    ip link set "vpspilot$number" up &&
    "${inside[@]}" link set lo up &&
    "${inside[@]}" link set host0 up &&
    "${inside[@]}" address add "10.213.$number.2/24" dev host0 || return 1
  hosts=$(node_disk "$name")/root/etc/hosts
  sed -i '/testbed-host/d' "$hosts" && echo "10.213.$number.1 testbed-host" >>"$hosts"
}

network_free() {
  local number=1 taken
  taken=" $(cat "$state"/*/network 2>/dev/null | tr '\n' ' ') "
  while [[ $taken == *" $number "* ]] || ip link show "vpspilot$number" &>/dev/null; do
    ((number++ < 250)) || fail "all private networks are taken"
  done
  echo "$number"
}

network_link() {
  (($# == 2)) && [[ $2 == up || $2 == down ]] || fail "usage: vps.sh link NAME up|down"
  local leader device
  leader=$(node_leader "$1")
  [[ -f $state/$1/network ]] || fail "$1 has no private network"
  device=vpspilot$(<"$state/$1/network")
  ip link set "$device" "$2"
  # Both sides would remember for seconds that the other was unreachable.
  if [[ $2 == up ]]; then
    ip neigh flush dev "$device"
    nsenter -t "$leader" -n ip neigh flush dev host0
    until [[ $(<"/sys/class/net/$device/operstate") == up ]]; do
      sleep 0.02
    done
  fi
}
