# Node.js versions that Debian lacks: real binaries, which the test machine's maker laid beside this flake.
{ lib, builders }:
let
  have =
    if builtins.pathExists ./nodejs-versions.json then
      builtins.fromJSON (builtins.readFile ./nodejs-versions.json)
    else
      { versions = [ ]; };
  folder = "/opt/vpspilot-testbed/nodejs";

  nodejs =
    version:
    builders.runCommandLocal "nodejs-${version}"
      {
        inherit version;
        pname = "nodejs";
        meta.mainProgram = "node";
      }
      ''
        mkdir -p $out/bin
        ln -s ${folder}/${version}/bin/node $out/bin/node
        ln -s ${folder}/npm-${have.npm}/bin/npm-cli.js $out/bin/npm
        ln -s ${folder}/npm-${have.npm}/bin/npx-cli.js $out/bin/npx
      '';
in
builtins.listToAttrs (
  map (version: {
    name = "nodejs_${builtins.head (lib.splitVersion version)}";
    value = nodejs version;
  }) have.versions
)
