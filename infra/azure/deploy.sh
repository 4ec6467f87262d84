#!/bin/sh
# Publishes the app for the Azure host, with what nodes install, and puts it on the Functions app that the infrastructure made. Needs the .NET SDK,
# Node.js, zip, az signed in, and the agent that `make release` built, or that of a release, in artifacts/release.
# RESOURCE_GROUP and FUNCTION_APP are outputs of main.bicep; azd passes them on, and DURABLE_STORAGE where it is set (docs/azure.md).
set -eu
: "${RESOURCE_GROUP:?is not set: run this by azd, or set it to the resource group}"
: "${FUNCTION_APP:?is not set: run this by azd, or set it to the name of the Functions app}"
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The folder of AgentPackages:Directory. Said before minutes of building: without an agent no node could be enrolled.
for rid in linux-x64 linux-arm64; do
  for binary in "artifacts/release/vpspilot-agent-$rid" "artifacts/agent/$rid/vpspilot-agent"; do
    [ -e "$binary" ] || continue
    mkdir -p "$work/app/agent/$rid"
    cp "$binary" "$work/app/agent/$rid/vpspilot-agent"
    break
  done
  [ -d "$work/app/agent/$rid" ] || echo "deploy: there is no agent for $rid; nodes of that kind cannot be enrolled by the install command" >&2
done
if [ ! -d "$work/app/agent" ]; then
  echo "deploy: no agent is built. On Debian: make release. Elsewhere: put vpspilot-agent-linux-x64 of a release into artifacts/release. Then run infra/azure/deploy.sh again" >&2
  exit 1
fi
cp infra/agent/install.sh "$work/app/agent/"

(cd dashboard && npm ci --silent && npm run --silent build)
dotnet publish functions -p:Host=Azure "-p:DurableStorage=${DURABLE_STORAGE:-}" -c Release -o "$work/app" --nologo -v quiet
(cd "$work/app" && zip -q -r "$work/app.zip" .)
az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$FUNCTION_APP" --src "$work/app.zip" --output none
echo "The control plane is at ${PUBLIC_URL:-https://$FUNCTION_APP.azurewebsites.net}"
