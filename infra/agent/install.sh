#!/bin/sh
# Installs the VPS Pilot agent on this machine and enrols it. May be run again: it then updates, keeps keys and identity, and changes nothing else.
set -eu

binary_path=/usr/local/bin/vpspilot-agent
unit_path=/etc/systemd/system/vpspilot-agent.service
package_path=/usr/lib/vpspilot-agent

fail() {
  echo "install: $1" >&2
  [ $# -lt 2 ] || echo "  $2" >&2
  exit 1
}

usage() {
  cat <<'TEXT'
install.sh --url URL --token TOKEN [--ca FILE --ca-sha256 HEX] [--allow-plain-text] [--binary PATH] [--yes] [--no-caddy]
                                   installs or updates the agent, and enrols the node
install.sh --binary PATH           another binary for a node that is enrolled, or for one that is enrolled later
install.sh --uninstall [--purge]   takes the agent away; apps, edge and releases stay. --purge: its keys and settings too

What is missing (Nix, git, curl) is installed from Debian's packages after a question, or with --yes without one;
so is Caddy, for the edge, unless --no-caddy. A control plane without TLS, not on this machine, needs --allow-plain-text.
TEXT
}

url= token= source= ca= ca_sha256= plain= yes=0 caddy=1 uninstall=0 purge=0 package=0
while [ $# -gt 0 ]; do
  case $1 in
    --url | --token | --binary | --ca | --ca-sha256)
      [ $# -ge 2 ] || fail "$1 needs a value."
      case $1 in
        --url) url=$2 ;;
        --token) token=$2 ;;
        --binary) source=$2 ;;
        --ca) ca=$2 ;;
        --ca-sha256) ca_sha256=$2 ;;
      esac
      shift 2
      continue
      ;;
    --yes | -y) yes=1 ;;
    --no-caddy) caddy=0 ;;
    --allow-plain-text) plain=$1 ;;
    --uninstall) uninstall=1 ;;
    --purge) purge=1 ;;
    # How the Debian package calls it: dpkg is at work, so nothing else is installed, and what is missing is only said.
    --from-package) package=1 ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) fail "'$1' is not understood." "install.sh --help says what is." ;;
  esac
  shift
done

[ "$(id -u)" = 0 ] || fail "this has to run as root." "Put sudo before sh."
running=0
[ ! -d /run/systemd/system ] || running=1

if [ "$uninstall" = 1 ]; then
  if [ "$running" = 1 ]; then
    # An update that waits for its first report would put the old binary back.
    systemctl stop vpspilot-agent-put-back.timer vpspilot-agent-put-back.service 2>/dev/null || true
    systemctl disable --quiet --now vpspilot-agent.service 2>/dev/null || true
  fi
  rm -f "$unit_path" "$unit_path.new" "$binary_path" "$binary_path.old" "$binary_path.new" "$binary_path.tmp"
  if [ "$running" = 1 ]; then
    systemctl daemon-reload
    systemctl reset-failed vpspilot-agent.service 2>/dev/null || true
  fi
  if [ "$purge" = 1 ]; then
    rm -rf /var/lib/vpspilot
    rm -f /etc/vpspilot/agent.json
    [ ! -d /etc/vpspilot ] || rmdir --ignore-fail-on-non-empty /etc/vpspilot
    echo "The agent, its keys and its settings are gone; the apps, their data and the edge go on."
  else
    echo "The agent is gone; the apps and the edge go on, and its keys in /var/lib/vpspilot are kept (--purge removes them)."
  fi
  exit 0
fi

[ "$purge" = 0 ] || fail "--purge goes with --uninstall."
[ "$running" = 1 ] || [ "$package" = 1 ] || fail "systemd does not run here." "The agent needs a machine that was booted with systemd."
if [ -n "$url$token" ]; then
  [ -n "$url" ] && [ -n "$token" ] || fail "--url and --token go together." "POST /api/nodes answers with the whole command."
elif [ -z "$source" ]; then
  fail "--url and --token are needed, or --binary for a node that is enrolled." "POST /api/nodes answers with the whole command."
fi
url=${url%/}
# The control plane's own certificate authority: nothing else is trusted from here on.
if [ -n "$ca" ]; then
  [ -n "$ca_sha256" ] && [ "$(sha256sum "$ca" | cut -d ' ' -f 1)" = "$ca_sha256" ] || fail "$ca is not the certificate authority of the install command." "Copy the whole command again."
fi

# Yes with --yes; asked on the terminal, also where the script itself comes through a pipe; no where nobody can be asked.
agreed() {
  [ "$yes" = 0 ] || return 0
  [ "$package" = 0 ] && (: >/dev/tty) 2>/dev/null || return 1
  printf '%s [y/N] ' "$1" >/dev/tty
  read -r answer </dev/tty || return 1
  case $answer in [yY]*) return 0 ;; esac
  return 1
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" >&2
}

offer() {
  command -v apt-get >/dev/null && agreed "$1 Install it now (apt-get install $2)?" || return 1
  # shellcheck disable=SC2086 # A list of packages.
  apt install --yes --no-install-recommends $2 || { apt update && apt install --yes --no-install-recommends $2; } || fail "apt-get could not install $2." "Run apt-get install $2 by hand and read what it says."
}

# What has to be there: program, what it is called, packages, remedy.
need() {
  command -v "$1" >/dev/null || offer "$2 is not installed." "$3" || {
    [ "$package" = 1 ] || fail "$2 is not installed." "$4 Then run this again, or run it with --yes."
    echo "install: $2 is not installed; the agent needs it. $4" >&2
  }
}

PATH=$PATH:/nix/var/nix/profiles/default/bin:/root/.nix-profile/bin:/run/current-system/sw/bin
need nix Nix "nix-bin nix-setup-systemd" "Debian 13 and later: apt-get install nix-setup-systemd. Elsewhere: https://nixos.org/download (multi-user)."
need git git git "Debian and Ubuntu: apt-get install git."
for program in systemd-sysusers systemd-run userdel getent tar; do
  need "$program" "$program" "systemd passwd libc-bin tar" "Debian and Ubuntu: apt-get install systemd passwd libc-bin tar."
done
if command -v nix >/dev/null; then
  version=$(nix --version | sed 's/.* //')
  case $version in
    [01].* | 2.[0-9] | 2.[0-9].* | 2.1[0-8] | 2.1[0-8].*)
      [ "$package" = 1 ] || fail "Nix $version is too old." "The agent needs Nix 2.19 or later: that of Debian 13, or https://nixos.org/download."
      echo "install: Nix $version is too old; the agent needs 2.19 or later." >&2
      ;;
  esac
fi
if [ "$caddy" = 1 ] && ! command -v caddy >/dev/null && offer "Caddy, which gives apps domains and HTTPS, is not installed." caddy; then
  # The agent runs Caddy as a unit of its own.
  systemctl disable --quiet --now caddy.service
  echo "Caddy is installed. \"edge\": {} in /etc/vpspilot/agent.json turns the edge on."
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$source" ]; then
  case $(uname -m) in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) fail "there is no agent for $(uname -m)." "x86_64 and aarch64 are supported." ;;
  esac
  need curl curl "curl ca-certificates" "Debian and Ubuntu: apt-get install curl."
  source=$work/vpspilot-agent
  curl -fsSL --tlsv1.2 ${ca:+--cacert "$ca"} --retry 3 --max-time 300 -D "$work/headers" -o "$source" "$url/api/agent/binary/$rid" ||
    fail "the agent cannot be downloaded from $url." "Check the URL, name resolution and the firewall, and that the control plane offers agent packages."
  wanted=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Xx]-[Cc]hecksum-[Ss]ha256: *//p' | tail -n 1)
  [ -n "$wanted" ] || fail "$url gave no checksum with the agent." "Is it a VPS Pilot control plane?"
  [ "$(sha256sum "$source" | cut -d ' ' -f 1)" = "$wanted" ] || fail "the agent that was downloaded does not have the checksum it should have." "Run this again."
fi
[ -f "$source" ] || fail "there is no file $source."

changed=0
if ! cmp -s "$source" "$binary_path"; then
  changed=1
  # Beside its place first: the binary that runs is replaced in one step.
  install -D -m 0755 "$source" "$binary_path.new"
  "$binary_path.new" --version >/dev/null || fail "the agent does not run on this machine." "It needs glibc 2.36 or later (Debian 12, Ubuntu 24.04)."
  # An update that waits for its first report would put the binary back that was there before it.
  [ "$running" = 0 ] || systemctl stop vpspilot-agent-put-back.timer 2>/dev/null || true
  mv -f "$binary_path.new" "$binary_path"
fi

if [ -n "$url" ]; then
  enrolled=$("$binary_path" enroll --url "$url" --token "$token" ${ca:+--ca "$ca" --ca-sha256 "$ca_sha256"} ${plain:+"$plain"})
  echo "$enrolled"
  case $enrolled in "Enrolled already"*) ;; *) changed=1 ;; esac
fi
"$binary_path" print-unit >"$work/unit"
if ! cmp -s "$work/unit" "$unit_path"; then
  changed=1
  install -D -m 0644 "$work/unit" "$unit_path.new"
  mv -f "$unit_path.new" "$unit_path"
fi

if [ "$running" = 0 ]; then
  echo "vpspilot-agent $("$binary_path" --version) is installed; it starts with systemd once the node is enrolled."
  exit 0
fi
systemctl daemon-reload
# 4: not enrolled. Starting it would change nothing.
checked=0
"$binary_path" self-check >/dev/null 2>&1 || checked=$?
if [ "$checked" = 4 ]; then
  echo "vpspilot-agent $("$binary_path" --version) is installed. Enrol it with the command that POST /api/nodes answers, or: sh $package_path/install.sh --binary $binary_path --url URL --token TOKEN"
  exit 0
fi
systemctl enable --quiet vpspilot-agent.service
if [ "$changed" = 1 ] || ! systemctl is-active --quiet vpspilot-agent.service; then
  systemctl restart vpspilot-agent.service ||
    fail "the agent did not start." "journalctl -u vpspilot-agent.service says why."
fi
echo "vpspilot-agent $("$binary_path" --version) runs. systemctl status vpspilot-agent"
