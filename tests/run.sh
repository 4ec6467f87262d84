#!/usr/bin/env bash
# Builds everything, runs every test project, and ends with one line of totals.
set -euo pipefail
cd "$(dirname "$0")/.."
filter=${1:-}
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
# Hundreds of short processes start here: what the runtime would learn of each for later, it has no later for.
export DOTNET_TieredPGO=0

# The Debian root of the test VPSes is made while the compiler runs; where none can boot, their tests say so.
tests/testbed/vps.sh image >"$results/image.log" 2>&1 &
# So are the npm packages that tests speak to.
for folder in tests/azurite tests/webhooks-examples tests/Embedded.Broker/foreign; do
  [ -e "$folder/node_modules/.package-lock.json" ] || (cd "$folder" && npm ci --prefer-offline --no-audit --no-fund) >>"$results/npm.log" 2>&1 &
done
dotnet build VpsPilot.Serverless.sln -c Release --nologo -v quiet
wait

run_project() {
  local name log
  name=$(basename "$1" .csproj)
  log=$results/$name.log
  dotnet test "$1" -c Release --no-build --nologo -v quiet \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
    ${filter:+--filter "$filter"} >"$log" 2>&1 || touch "$results/failed"
  { echo "== $name" && grep -vE '^(Test run for|A total of|Results File:|$)' "$log"; } || true
}

# What boots VPSes takes longest and waits more than it works: it goes first, and three projects run at a time, though cores are two.
vps=() rest=()
for project in $(dotnet sln list | grep '\.Tests\.csproj$' | sort); do
  if grep -qr --include='*.cs' '\[Vps\(Fact\|Theory\)' "$(dirname "$project")"; then vps+=("$project"); else rest+=("$project"); fi
done
export -f run_project
export filter results
printf '%s\0' "${vps[@]}" "${rest[@]}" | xargs -0 -n 1 -P 3 bash -c 'run_project "$1"' run

# Sums an attribute over the <Counters> of all result files.
sum() {
  grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'
}
status=0
[ ! -e "$results/failed" ] || status=1
passed=$(sum passed)
failed=$(( $(sum failed) + $(sum error) + $(sum timeout) + $(sum aborted) ))
skipped=$(( $(sum total) - passed - failed ))
if [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then
  echo "No test ran."
  status=1
fi
# A test host that died leaves no counters: its exit status must not vanish.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
