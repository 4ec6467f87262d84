#!/usr/bin/env bash
# Formatting, file sizes, Bicep files and known vulnerabilities.
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

# The compiler is a package of the tests that use it. It ends with 0 where it has but warnings, so that any word counts.
bicep=$(dotnet msbuild tests/Infra -restore -nologo -v:quiet -getProperty:PkgAzure_Bicep_CommandLine_linux-x64)/tools/bicep
chmod +x "$bicep"
compiled=$(mktemp -d)
words=$(
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  "$bicep" lint --pattern 'infra/azure/**/*.bicep' 2>&1
  "$bicep" build infra/azure/main.bicep --outdir "$compiled" 2>&1
  "$bicep" build-params infra/azure/main.bicepparam --outfile "$compiled/parameters.json" 2>&1
) || failed=1
rm -rf "$compiled"
if [ -n "$words" ]; then
  echo "Bicep:"
  echo "$words"
  failed=1
fi

# Known vulnerabilities, as far as the registries tell: one that has no answer is said, and is no fault of the code.
audit=$(dotnet list VpsPilot.Serverless.sln package --vulnerable --include-transitive 2>&1) || echo "lint: NuGet gave no audit"
if grep -q 'has the following vulnerable packages' <<<"$audit"; then
  echo "$audit"
  failed=1
elif grep -qE 'NU1900|unable to load|error' <<<"$audit"; then
  echo "lint: NuGet gave no audit: $(grep -m 1 -E 'NU1900|unable to load|error' <<<"$audit")"
fi

for lock in $(git ls-files '*package-lock.json'); do
  audit=$(cd "$(dirname "$lock")" && npm audit --package-lock-only --audit-level=high 2>&1) && continue
  if grep -qE '^[0-9]+ vulnerabilit|severity' <<<"$audit"; then
    echo "$lock:"
    echo "$audit"
    failed=1
  else
    echo "lint: npm gave no audit for $lock: $(grep -m 1 -i error <<<"$audit")"
  fi
done

[ "$failed" -eq 0 ] && echo "lint: clean"
exit "$failed"
