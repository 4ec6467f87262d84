#!/bin/sh
# Installs the VPS Pilot agent on this machine and enrols it. May be run again: it then updates and changes nothing else.
#   install.sh --url URL --token TOKEN [--ca FILE --ca-sha256 HEX] [--binary PATH]
set -eu

binary_path=/usr/local/bin/vpspilot-agent
unit_path=/etc/systemd/system/vpspilot-agent.service

fail() {
  echo "install: $1" >&2
  [ $# -lt 2 ] || echo "  $2" >&2
  exit 1
}

url= token= source= ca= ca_sha256=
while [ $# -gt 0 ]; do
  case $1 in
    --url) url=${2:-} ;;
    --token) token=${2:-} ;;
    --binary) source=${2:-} ;;
    --ca) ca=${2:-} ;;
    --ca-sha256) ca_sha256=${2:-} ;;
    --help | -h)
      sed -n '2,3s/^# *//p' "$0"
      exit 0
      ;;
    *) fail "'$1' is not understood." "usage: install.sh --url URL --token TOKEN [--ca FILE --ca-sha256 HEX] [--binary PATH]" ;;
  esac
  [ $# -ge 2 ] || fail "$1 needs a value."
  shift 2
done
[ -n "$url" ] && [ -n "$token" ] || fail "--url and --token are needed." "POST /api/nodes answers with the whole command."
url=${url%/}
# The control plane's own certificate authority: nothing else is trusted from here on.
if [ -n "$ca" ]; then
  [ -n "$ca_sha256" ] && [ "$(sha256sum "$ca" | cut -d ' ' -f 1)" = "$ca_sha256" ] || fail "$ca is not the certificate authority of the install command." "Copy the whole command again."
fi

[ "$(id -u)" = 0 ] || fail "this has to run as root." "Put sudo before sh."
[ -d /run/systemd/system ] || fail "systemd does not run here." "The agent needs a machine that was booted with systemd."
PATH=$PATH:/nix/var/nix/profiles/default/bin:/root/.nix-profile/bin:/run/current-system/sw/bin
command -v nix >/dev/null || fail "Nix is not installed." "Debian 13 and later: apt-get install nix-setup-systemd. Elsewhere: https://nixos.org/download (multi-user). Then run this again."
version=$(nix --version | sed 's/.* //')
case $version in
  [01].* | 2.[0-9] | 2.[0-9].* | 2.1[0-8] | 2.1[0-8].*) fail "Nix $version is too old." "The agent needs Nix 2.19 or later." ;;
esac
command -v git >/dev/null || fail "git is not installed." "Debian and Ubuntu: apt-get install git."
for program in systemd-sysusers systemd-run userdel getent tar; do
  command -v "$program" >/dev/null || fail "$program is not installed." "Debian and Ubuntu: apt-get install systemd passwd libc-bin tar."
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$source" ]; then
  case $(uname -m) in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) fail "there is no agent for $(uname -m)." "x86_64 and aarch64 are supported." ;;
  esac
  command -v curl >/dev/null || fail "curl is not installed." "Debian and Ubuntu: apt-get install curl."
  source=$work/vpspilot-agent
  curl -fsSL --tlsv1.2 ${ca:+--cacert "$ca"} --retry 3 --max-time 300 -D "$work/headers" -o "$source" "$url/api/agent/binary/$rid" ||
    fail "the agent cannot be downloaded from $url." "Check the URL, name resolution and the firewall, and that the control plane offers agent packages."
  wanted=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Xx]-[Cc]hecksum-[Ss]ha256: *//p' | tail -n 1)
  [ -n "$wanted" ] || fail "$url gave no checksum with the agent." "Is it a VPS Pilot control plane?"
  [ "$(sha256sum "$source" | cut -d ' ' -f 1)" = "$wanted" ] || fail "the agent that was downloaded does not have the checksum it should have." "Run this again."
fi
[ -f "$source" ] || fail "there is no file $source."

# Beside its place first: the binary that runs is replaced in one step.
install -m 0755 "$source" "$binary_path.new"
"$binary_path.new" --version >/dev/null || fail "the agent does not run on this machine." "It needs glibc 2.36 or later (Debian 12, Ubuntu 24.04)."
mv -f "$binary_path.new" "$binary_path"

"$binary_path" enroll --url "$url" --token "$token" ${ca:+--ca "$ca" --ca-sha256 "$ca_sha256"}
"$binary_path" print-unit >"$unit_path.new"
mv -f "$unit_path.new" "$unit_path"
systemctl daemon-reload
systemctl enable --quiet vpspilot-agent.service
systemctl restart vpspilot-agent.service ||
  fail "the agent did not start." "journalctl -u vpspilot-agent.service says why."
echo "vpspilot-agent $("$binary_path" --version) runs. systemctl status vpspilot-agent"
