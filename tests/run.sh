#!/usr/bin/env bash
# Builds everything, runs every test project one after the other, and ends with one line of totals.
set -euo pipefail
cd "$(dirname "$0")/.."
filter=${1:-}
results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

dotnet build VpsPilot.Serverless.sln -c Debug --nologo -v quiet

# One project at a time: the suites boot VPSes and measure time-outs, and two cores are few.
status=0
for project in $(dotnet sln list | grep '\.Tests\.csproj$' | sort); do
  echo "== $(basename "$project" .csproj)"
  dotnet test "$project" --no-build --nologo -v quiet \
    --logger "trx;LogFileName=$(basename "$project" .csproj).trx" --results-directory "$results" \
    ${filter:+--filter "$filter"} || status=1
done

# Sums an attribute over the <Counters> of all result files.
sum() {
  grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'
}
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
