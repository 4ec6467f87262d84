#!/usr/bin/env bash
# A VPS on this machine: Debian 13 with systemd as PID 1, in systemd-nspawn. See README.md.
set -euo pipefail
shopt -s nullglob

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cache=${VPSPILOT_CACHE:-/var/cache/vpspilot}/testbed
state=${VPSPILOT_STATE:-/run/vpspilot-testbed}
guest_nixpkgs=/opt/vpspilot-testbed/nixpkgs
guest_nodejs=/opt/vpspilot-testbed/nodejs
PATH=$PATH:/usr/sbin:/sbin

fail() {
  echo "vps: $*" >&2
  exit 1
}

usage() {
  cat <<'USAGE'
usage: vps.sh COMMAND
  check                         is this machine able to boot a test VPS? One line and a non-zero exit when not
  image                         make the cached Debian root (a minute the first time); prints its layers
  prune                         remove cached roots that neither this version nor a node uses
  boot NAME [--private-network] [--bind SRC[:DST]]... [--owner PID]
                                make the node, or start it again with its disk; prints the leader's pid
  exec NAME -- COMMAND...       run a command as root inside; stdin, output and exit code are passed on
  copy NAME SRC DST             copy a file or a folder's content into it, owned by root
  link NAME up|down             plug or cut the network of a node booted with --private-network
  stop NAME | kill NAME         shut down in order | pull the plug; the disk stays
  rm NAME                       pull the plug and throw the disk away
  reap                          remove the nodes whose owner, a process, is gone
  list                          nodes: name, state, leader, address, folder
  nixpkgs                       "online", or "offline" and the flake's folder inside the nodes
USAGE
}

. "$here/lib/host.sh"
. "$here/lib/nodejs.sh"
. "$here/lib/image.sh"
. "$here/lib/node.sh"
. "$here/lib/network.sh"

command=${1:-}
(($# == 0)) || shift
case $command in
  check) host_check ;;
  image) host_check && image_make ;;
  prune) image_prune ;;
  boot) host_check && node_boot "$@" ;;
  exec) node_exec "$@" ;;
  copy) node_copy "$@" ;;
  link) network_link "$@" ;;
  stop) node_stop "$@" ;;
  kill) node_kill "$@" ;;
  rm) node_rm "$@" ;;
  reap) node_reap ;;
  list) node_list ;;
  nixpkgs) host_nixpkgs ;;
  help | --help | -h) usage ;;
  *) usage >&2 && exit 2 ;;
esac
