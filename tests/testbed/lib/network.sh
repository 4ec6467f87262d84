# Private networks: a veth pair per node, 10.213.N.1 on this machine and 10.213.N.2 in the node. No route beyond.

network_attach() {
  local name=$1 leader=$2 number=1 taken
  exec {network_lock}>"$state/.network.lock"
  flock "$network_lock"
  taken=" $(cat "$state"/*/network 2>/dev/null | tr '\n' ' ') "
  while [[ $taken == *" $number "* ]] || ip link show "vpspilot$number" &>/dev/null; do
    ((number++ < 250)) || fail "all private networks are taken"
  done
  ip link add "vpspilot$number" type veth peer name host0 netns "$leader"
  echo "$number" >"$state/$name/network"
  exec {network_lock}>&-

  ip address add "10.213.$number.1/24" dev "vpspilot$number"
  ip link set "vpspilot$number" up
  local inside=(nsenter -t "$leader" -n ip)
  "${inside[@]}" link set lo up
  "${inside[@]}" address add "10.213.$number.2/24" dev host0
  "${inside[@]}" link set host0 up
  printf '10.213.%s.1 testbed-host\n' "$number" | nsenter -t "$leader" -m -r tee -a /etc/hosts >/dev/null
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
