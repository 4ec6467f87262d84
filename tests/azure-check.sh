#!/usr/bin/env bash
# Compiles the functions app against the real Azure packages, as far as the registry in use has them, and says what was not checked.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# In a copy, so that the two hosts' restores do not overwrite each other.
git ls-files -z --cached --others --exclude-standard -- functions contracts messaging embedded/Functions/Bindings host.json docs/config.schema.json global.json .editorconfig 'Directory.*' | xargs -0 cp --parents -t "$work"

build() {
  (cd "$work" && dotnet build functions/VpsPilot.Functions.csproj -p:Host=Azure --nologo -v quiet "$@") >"$work/log" 2>&1
}

if build; then
  echo "azure-check: functions/ compiles against the real packages"
  exit 0
fi
# An unreachable feed says nothing about the code.
if grep -q 'NU1301' "$work/log"; then
  grep -o 'NU1301.*' "$work/log" | sort -u | head -n 5
  echo "azure-check: not checked here (the registry in use does not answer)"
  exit 0
fi
missing=$(grep -o 'Unable to find package [A-Za-z0-9._-]*' "$work/log" | sed 's/[.]$//; s/Unable to find package /  /' | sort -u || true)
if [ -z "$missing" ]; then
  cat "$work/log"
  echo "azure-check: functions/ does NOT compile against the real packages"
  exit 1
fi
echo "azure-check: the registry in use lacks:"
echo "$missing"
if [ "$missing" = "  Microsoft.Azure.Functions.Worker.Extensions.ServiceBus" ]; then
  if build -p:AzureCheckWithout=ServiceBus; then
    echo "azure-check: functions/ compiles against the other real packages, with the embedded host's Service Bus trigger attribute in place of the missing one."
    echo "azure-check: the whole Azure build, its function metadata and its run are not checked here"
    exit 0
  fi
  grep -E 'error' "$work/log" | sort -u | head -n 40
  echo "azure-check: functions/ does NOT compile against the real packages"
  exit 1
fi
echo "azure-check: not checked here"
