#!/usr/bin/env bash
# Builds a Debian package of what was published; the same input gives the same bytes.
#   deb.sh agent VERSION ARCHITECTURE OUT BINARY          ARCHITECTURE is Debian's: amd64, arm64
#   deb.sh server VERSION ARCHITECTURE OUT PUBLISHED AGENTS   AGENTS: folder with linux-x64/vpspilot-agent and the like
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=$1 version=$2 architecture=$3 out=$4
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct)} TZ=UTC LC_ALL=C

umask 022
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"
schemas=
case $name in
  agent)
    install -D -m 0755 "$5" "$root/usr/lib/vpspilot-agent/vpspilot-agent"
    install -m 0755 "$here/../agent/install.sh" "$root/usr/lib/vpspilot-agent/install.sh"
    ;;
  server)
    install -d "$root/usr/lib/vpspilot-server/agent" "$root/usr/bin"
    cp -R --no-preserve=mode,ownership,timestamps "$5/." "$root/usr/lib/vpspilot-server/"
    # What only a compiler reads, and the functions app's own way to start.
    rm -f "$root"/usr/lib/vpspilot-server/{*.xml,VpsPilot.Functions,VpsPilot.Functions.runtimeconfig.json}
    chmod 0755 "$root/usr/lib/vpspilot-server/vpspilot-server"
    ln -s ../lib/vpspilot-server/vpspilot-server "$root/usr/bin/vpspilot-server"
    install -m 0755 "$here/../agent/install.sh" "$root/usr/lib/vpspilot-server/agent/install.sh"
    for binary in "$6"/linux-*/vpspilot-agent; do
      install -D -m 0755 "$binary" "$root/usr/lib/vpspilot-server/agent/$(basename "$(dirname "$binary")")/vpspilot-agent"
    done
    install -m 0644 "$here/server/server.env" "$root/usr/lib/vpspilot-server/server.env"
    install -D -m 0644 "$here/server/vpspilot-server.service" "$root/usr/lib/systemd/system/vpspilot-server.service"
    install -D -m 0644 "$here/server/sysusers.conf" "$root/usr/lib/sysusers.d/vpspilot-server.conf"
    # What its databases may be at most, for the check before an upgrade.
    schemas=$("$5/vpspilot-server" schemas | paste -s -d ' ')
    ;;
  *)
    sed -n '3,4s/^# *//p' "$0" >&2
    exit 2
    ;;
esac

size=$(find "$root" -type f -printf '%s\n' | awk '{ n += int(($1 + 1023) / 1024) } END { print n }')
mkdir "$root/DEBIAN"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
for file in control preinst postinst prerm postrm; do
  [ -e "$here/$name/$file" ] || continue
  sed -e "s/@VERSION@/$version/g" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" -e "s/@SCHEMAS@/$schemas/" "$here/$name/$file" >"$root/DEBIAN/$file"
  chmod 0755 "$root/DEBIAN/$file"
done
chmod 0644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
mkdir -p "$out"
# One thread: with several, the compressor's output depends on how many there are.
dpkg-deb --root-owner-group --threads-max=1 -Zzstd -z"${DEB_COMPRESSION:-19}" --build "$root" "$out/vpspilot-${name}_${version}_$architecture.deb" >/dev/null
