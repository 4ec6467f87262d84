#!/bin/sh
# Publishes the app for the Azure host and puts it on the Functions app that the infrastructure made. Needs the .NET SDK, Node.js, zip, and az signed in.
# RESOURCE_GROUP and FUNCTION_APP are outputs of main.bicep; azd passes them on.
set -eu
: "${RESOURCE_GROUP:?is not set: run this by azd, or set it to the resource group}"
: "${FUNCTION_APP:?is not set: run this by azd, or set it to the name of the Functions app}"
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd dashboard && npm ci --silent && npm run --silent build)
dotnet publish functions -p:Host=Azure -c Release -o "$work/app" --nologo -v quiet
(cd "$work/app" && zip -q -r "$work/app.zip" .)
az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$FUNCTION_APP" --src "$work/app.zip" --output none
echo "The control plane is at ${PUBLIC_URL:-https://$FUNCTION_APP.azurewebsites.net}"
