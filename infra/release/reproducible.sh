#!/usr/bin/env bash
# Proves that a commit gives the same bytes wherever it is built: builds the release of HEAD twice, in two folders of different depth from clones,
# one after the other, and compares every file. Ends with 1 where one differs, and names it. Two whole releases: many minutes.
#   reproducible.sh [KEEP]   KEEP: an empty folder for both releases, to look at what differs
set -euo pipefail
cd "$(dirname "$0")/../.."
source=$PWD
commit=$(git rev-parse HEAD)
keep=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a build may pick up by mistake differs too: the time, the mask of new files, the language.
build() { # folder, mask, language
  git clone --quiet --no-hardlinks "$source" "$1"
  git -C "$1" checkout --quiet --detach "$commit"
  (umask "$2" && cd "$1" && LANG=$3 infra/release/release.sh) >"$1.log" 2>&1 || { tail -n 40 "$1.log" >&2; exit 2; }
}

echo "reproducible: first build"
build "$work/a" 022 C.UTF-8
echo "reproducible: second build, in another folder"
mkdir -p "$work/another/and/deeper"
build "$work/another/and/deeper/folder" 027 C
first=$work/a/artifacts/release second=$work/another/and/deeper/folder/artifacts/release
[ -z "$keep" ] || { mkdir -p "$keep" && cp -R "$first" "$keep/first" && cp -R "$second" "$keep/second"; }

grep -h '^release: ' "$work/a.log" || true
if diff "$first/SHA256SUMS" "$second/SHA256SUMS" && diff <(cd "$first" && ls) <(cd "$second" && ls) && (cd "$second" && sha256sum --quiet -c "$first/SHA256SUMS"); then
  echo "reproducible: all $(wc -l <"$first/SHA256SUMS") files are the same, byte for byte"
else
  echo "reproducible: files differ, see above" >&2
  exit 1
fi
