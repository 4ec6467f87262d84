#!/usr/bin/env bash
# Builds what is published, so that the same commit gives the same bytes: agent, control plane, command line, Debian packages, bill of materials, checksums.
# In artifacts/release. Where the toolchain for arm64 cannot be had, there is no agent for it, and that is said.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
[ -z "$(git status --porcelain)" ] || echo "release: the work tree has changes that are in no commit" >&2

out=artifacts/release
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
rm -rf "$out"
mkdir -p "$out"
# Paths of this machine are in no file: they are mapped away.
settings=(-c Release --nologo -v quiet -p:ContinuousIntegrationBuild=true "-p:PathMap=$PWD=/src" -p:DebugType=none -p:DebugSymbols=false)

dotnet publish agent -r linux-x64 "${settings[@]}" -o "$stage/agents/linux-x64"
if tests/testbed/setup.sh --cross && dotnet publish agent -r linux-arm64 "${settings[@]}" -p:ObjCopyName=aarch64-linux-gnu-objcopy -o "$stage/agents/linux-arm64"; then
  :
else
  echo "release: no agent for arm64: its toolchain or runtime could not be had here" >&2
  rm -rf "$stage/agents/linux-arm64"
fi
for agent in "$stage"/agents/*; do
  rid=$(basename "$agent")
  install -m 0755 "$agent/vpspilot-agent" "$out/vpspilot-agent-$rid"
  [[ $rid == linux-arm64 ]] && architecture=arm64 || architecture=amd64
  infra/packages/deb.sh agent "$version" "$architecture" "$out" "$agent/vpspilot-agent"
done
dotnet publish cli -r linux-x64 "${settings[@]}" -o "$stage/cli/linux-x64"
[ ! -d "$stage/agents/linux-arm64" ] || dotnet publish cli -r linux-arm64 "${settings[@]}" -p:ObjCopyName=aarch64-linux-gnu-objcopy -o "$stage/cli/linux-arm64"
for cli in "$stage"/cli/*; do
  install -m 0755 "$cli/vpspilot" "$out/vpspilot-$(basename "$cli")"
done
install -m 0755 infra/agent/install.sh "$out/install.sh"
(cd dashboard && npm ci --silent && npm run --silent build)
dotnet publish functions "${settings[@]}" -o "$stage/vpspilot-server"
# Sorted, without owners and times, compressed without a name: tar and gzip add nothing of their own.
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' -C "$stage" -cf - vpspilot-server | gzip -n -9 >"$out/vpspilot-server-$version.tar.gz"
dotnet publish server -r linux-x64 --self-contained "${settings[@]}" -o "$stage/server"
infra/packages/deb.sh server "$version" amd64 "$out" "$stage/server" "$stage/agents"

node infra/release/sbom.mjs "$version" "$SOURCE_DATE_EPOCH" "$out/sbom.cdx.json" agent/obj/project.assets.json cli/obj/project.assets.json functions/obj/project.assets.json server/obj/project.assets.json dashboard/package-lock.json
(cd "$out" && sha256sum -- * >SHA256SUMS)
cat "$out/SHA256SUMS"
