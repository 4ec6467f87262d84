# Every attribute that the catalogue names. What the test machine has is real; the others only say the version that their name promises.
# What nixpkgs has under a name of its own for the flagged release needs its permit here too.
{
  system,
  config ? { },
  ...
}:
let
  offline = import ./offline { inherit system config; };
  inherit (offline) lib writeShellScriptBin;
  catalogue = builtins.fromJSON (builtins.readFile ./runtime-catalogue.json);

  says = {
    node = version: [ (writeShellScriptBin "node" "echo v${version}.9") ];
    php = version: [ (writeShellScriptBin "php" "echo ${version}.9") ];
    go = version: [ (writeShellScriptBin "go" "echo go version go${version}.9 linux/amd64") ];
    python = version: [ (writeShellScriptBin "python3" "echo Python ${version}.9") ];
    ruby = version: [ (writeShellScriptBin "ruby" "echo ruby ${version}.9p1") ];
  };

  standIn =
    runtime: version:
    let
      package = offline.symlinkJoin {
        name = "${runtime}-${version}.9";
        paths = says.${runtime} version;
      };
      all = lib.genAttrs [ "opcache" "redis" "imagick" ] (name: writeShellScriptBin "php-${name}" ":");
    in
    package
    // lib.optionalAttrs (runtime == "php") {
      packages.composer = writeShellScriptBin "composer" ":";
      buildEnv =
        { extensions, ... }:
        let
          chosen = extensions {
            enabled = [ all.opcache ];
            inherit all;
          };
        in
        offline.symlinkJoin {
          name = "php-${version}.9-with-extensions";
          paths = [ package ] ++ lib.unique chosen;
        }
        // {
          packages.composer = writeShellScriptBin "composer" ":";
        };
    };

  permitted =
    flagged: package:
    let
      missing = builtins.filter (name: !builtins.elem name (config.permittedInsecurePackages or [ ])) flagged.permittedInsecurePackages;
    in
    if missing == [ ] then package else throw "${builtins.concatStringsSep " and " missing} is marked as insecure";

  ofRuntime =
    runtime:
    lib.concatMapAttrs (
      version: entry:
      {
        ${entry.attr} = standIn runtime version;
      }
      // lib.optionalAttrs (entry ? flagged && entry.flagged.attr != entry.attr) {
        ${entry.flagged.attr} = permitted entry.flagged (standIn runtime version);
      }
    ) catalogue.${runtime};

  others = lib.genAttrs [ "imagemagick" "protobuf" "libpq" "unzip" ] (name: writeShellScriptBin name ":");
in
lib.mergeAttrsList (map ofRuntime [ "node" "php" "go" "python" "ruby" ])
// others
// {
  python311Packages.pip = writeShellScriptBin "pip" ":";
}
// offline
