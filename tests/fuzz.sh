#!/usr/bin/env bash
# Feeds the parsers and the broker with broken inputs: FUZZ_INPUTS of each fast target, a tenth of that of those behind a network. Ends with the sum.
set -euo pipefail
cd "$(dirname "$0")/.."
export FUZZ_INPUTS=${FUZZ_INPUTS:-200000}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
for project in tests/Contracts tests/Agent tests/Embedded.Broker tests/Functions; do
  dotnet test "$project" -c Release --nologo -v quiet --filter FullyQualifiedName~Fuzz --logger "console;verbosity=detailed" >"$out.one" 2>&1 || { status=1; tail -n 40 "$out.one"; }
  grep -ho 'fuzz [^:]*: [0-9]* inputs.*' "$out.one" | tee -a "$out" || true
  rm -f "$out.one"
done
awk '{ for (i = 2; i <= NF; i++) if ($i == "inputs") n += $(i - 1) } END { print n + 0 " inputs" }' "$out"
exit "$status"
