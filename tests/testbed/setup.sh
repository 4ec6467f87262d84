#!/usr/bin/env bash
# Installs the Debian packages that the testbed, the tests and the AOT builds need on this machine. Safe to run again: does nothing when all is there.
#   setup.sh [--cross]   --cross: also what the agent for arm64 is linked with
set -euo pipefail

packages=(
  systemd-container mmdebstrap debian-archive-keyring           # the test VPS
  iproute2 util-linux procps git curl ca-certificates jq openssl # its tools and the demo's
  clang gcc libc6-dev zlib1g-dev lld                             # native AOT
  bash zsh fish bsdutils                                         # shells and a terminal for the tests of the command line
)

# Only a release needs it.
[[ ${1:-} != --cross ]] || packages+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)

missing=()
for package in "${packages[@]}"; do
  [[ -s /var/lib/dpkg/info/$package.list || -n $(compgen -G "/var/lib/dpkg/info/$package:*.list") ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

if ((EUID != 0)); then
  echo "setup: these packages are missing and only root can install them: ${missing[*]}" >&2
  exit 1
fi
if ! command -v apt-get >/dev/null; then
  echo "setup: this machine has no apt-get; install what these Debian packages hold by other means: ${missing[*]}" >&2
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
echo "setup: installing ${missing[*]}" >&2
if ! "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
  # The usual reason is a package index that is absent or out of date.
  if ! { "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "setup: apt-get could not install: ${missing[*]}" >&2
    exit 1
  fi
fi
