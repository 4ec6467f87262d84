#!/usr/bin/env bash
# Formatting, file sizes and known vulnerabilities.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

dotnet format VpsPilot.Serverless.sln --verify-no-changes --severity warn || failed=1

too_long=$(git ls-files '*.cs' | xargs wc -l | awk '$2 != "total" && $1 > 400 { print $1, $2 }')
if [ -n "$too_long" ]; then
  echo "Files over 400 lines:"
  echo "$too_long"
  failed=1
fi

audit=$(dotnet list VpsPilot.Serverless.sln package --vulnerable --include-transitive 2>&1 || true)
if grep -q 'has the following vulnerable packages' <<<"$audit"; then
  echo "$audit"
  failed=1
fi

[ "$failed" -eq 0 ] && echo "lint: clean"
exit "$failed"
