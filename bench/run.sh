#!/usr/bin/env bash
# Runs every benchmark program, prints their tables, and joins their rows in bench/results.json.
set -euo pipefail
cd "$(dirname "$0")/.."
# Measured beside ours; without it that figure is left out.
if [ ! -x /usr/bin/webhook ] && [ "$(id -u)" -eq 0 ]; then
  apt-get install -y -qq webhook >/dev/null 2>&1 || true
fi

rows=$(mktemp -d)
trap 'rm -rf "$rows"' EXIT
broken=()
for program in bench/*/Program.cs; do
  project=$(echo "$(dirname "$program")"/*.csproj)
  name=$(basename "$project" .csproj)
  echo "== $name"
  # A missed target is shown in the table; it does not hide the other figures. A program without figures has crashed.
  dotnet run -c Release --project "$project" -- "$rows/$name.json" || true
  [ -s "$rows/$name.json" ] || broken+=("$name")
done
node -e '
  const fs = require("fs");
  const path = require("path");
  const rows = fs.readdirSync(process.argv[1]).sort().flatMap(file => JSON.parse(fs.readFileSync(path.join(process.argv[1], file), "utf8")));
  fs.writeFileSync("bench/results.json", JSON.stringify(rows, null, 2) + "\n");
' "$rows"
echo "bench/results.json has $(grep -c '"name"' bench/results.json) figures"
if [ ${#broken[@]} -gt 0 ]; then
  echo "no figures from: ${broken[*]} (the reason is above)" >&2
  exit 1
fi
