# Private networks: a veth pair per node, 10.213.N.1 on this machine and 10.213.N.2 in the node. No route beyond.

network_attach() {
  local name=$1 inside=(nsenter -t "$2" -n ip) number
  exec {network_lock}>"$state/.network.lock"
  flock "$network_lock"
  if ! "${inside[@]}" link show host0 &>/dev/null; then
    number=$(cat "$state/$name/network" 2>/dev/null) || number=$(network_free)
    ip link delete "vpspilot$number" 2>/dev/null || true
    ip link add "vpspilot$number" type veth peer name host0 netns "$2"
    echo "$number" >"$state/$name/network"
    ip address add "10.213.$number.1/24" dev "vpspilot$number"
    ip link set "vpspilot$number" up
    "${inside[@]}" link set lo up
    "${inside[@]}" address add "10.213.$number.2/24" dev host0
    "${inside[@]}" link set host0 up
    sed -i '/testbed-host/d' "$(node_disk "$name")/root/etc/hosts"
    echo "10.213.$number.1 testbed-host" >>"$(node_disk "$name")/root/etc/hosts"
  fi
  exec {network_lock}>&-
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
