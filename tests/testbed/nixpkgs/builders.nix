# stdenv and the trivial builders. Programs come from Debian's /usr/bin, so builds run without a sandbox.
{
  lib,
  system,
  pkgs,
}:
let
  inherit (lib) makeOverridable optionalAttrs;

  mkDerivation =
    arguments:
    let
      given = if builtins.isFunction arguments then arguments (given // { finalPackage = result; }) else arguments;
      name = given.name or "${given.pname}-${given.version}";
      result =
        derivation (
          builtins.removeAttrs given [
            "meta"
            "passthru"
          ]
          // {
            inherit name system;
            builder = given.builder or "/bin/bash";
            args = given.args or [
              "-e"
              "${./stdenv}/setup"
            ];
            PATH = "/usr/bin:/bin";
            outputs = given.outputs or [ "out" ];
            # `nix develop` sources $stdenv/setup.
            stdenv = ./stdenv;
          }
        )
        // given.passthru or { }
        // {
          meta = given.meta or { };
          overrideAttrs =
            change:
            mkDerivation (given // (if builtins.isFunction change then applyChange change given else change));
        };
    in
    result;

  applyChange =
    change: given:
    let
      first = change given;
    in
    if builtins.isFunction first then change given given else first;

  runCommand =
    name: environment: script:
    mkDerivation (
      environment
      // {
        inherit name;
        buildCommand = script;
        passAsFile = [ "buildCommand" ] ++ environment.passAsFile or [ ];
      }
    );

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
      checkPhase ? "",
      meta ? { },
      ...
    }:
    runCommand name
      {
        inherit text meta;
        passAsFile = [ "text" ];
      }
      ''
        target=$out${lib.escapeShellArg destination}
        mkdir -p "$(dirname "$target")"
        cp "$textPath" "$target"
        ${lib.optionalString executable "chmod +x \"$target\""}
        ${checkPhase}
      '';

  shebang = text: "#!${runtimeShell}\n${text}\n";
  runtimeShell = "${pkgs.bash}/bin/bash";

  # One tree of links to all paths. Where two differ, the first in the list wins if collisions are allowed.
  buildEnv = makeOverridable (
    {
      name ? "${pname}-${version}",
      pname ? "env",
      version ? "0",
      paths,
      pathsToLink ? [ "/" ],
      ignoreCollisions ? false,
      extraPrefix ? "",
      nativeBuildInputs ? [ ],
      buildInputs ? [ ],
      postBuild ? "",
      passthru ? { },
      meta ? { },
      ...
    }:
    runCommand name
      {
        inherit
          nativeBuildInputs
          buildInputs
          meta
          passthru
          ;
        paths = map toString (lib.flatten paths);
        pathsToLink = map toString pathsToLink;
        collisions = if ignoreCollisions then "first" else "fail";
        prefix = extraPrefix;
      }
      ''
        python3 ${./build-env.py} "$out$prefix" "$collisions" "$pathsToLink" $paths
        ${postBuild}
      ''
  );
in
rec {
  inherit
    buildEnv
    runCommand
    runtimeShell
    writeTextFile
    ;

  stdenv = {
    inherit mkDerivation system;
    outPath = ./stdenv;
    shell = runtimeShell;
    isLinux = true;
    isDarwin = false;
    cc = null;
    hostPlatform = {
      inherit system;
      isLinux = true;
      isDarwin = false;
      isx86_64 = system == "x86_64-linux";
      isAarch64 = system == "aarch64-linux";
    };
    buildPlatform = stdenv.hostPlatform;
    targetPlatform = stdenv.hostPlatform;
  };

  runCommandLocal =
    name: environment:
    runCommand name (
      environment
      // {
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
    );
  runCommandNoCC = runCommand;

  writeText = name: text: writeTextFile { inherit name text; };
  writeScript = name: text: writeTextFile { inherit name text; executable = true; };
  writeScriptBin = name: text: writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; };
  writeShellScript = name: text: writeScript name (shebang text);
  writeShellScriptBin = name: text: writeScriptBin name (shebang text);
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
      meta ? { },
      ...
    }:
    writeTextFile {
      inherit name meta;
      executable = true;
      destination = "/bin/${name}";
      text = shebang ''
        set -o errexit -o nounset -o pipefail
        ${lib.optionalString (runtimeInputs != [ ]) ''export PATH="${lib.makeBinPath runtimeInputs}:$PATH"''}
        ${text}'';
    };

  symlinkJoin =
    arguments: buildEnv (builtins.removeAttrs arguments [ "preferLocalBuild" ] // { ignoreCollisions = true; });

  linkFarm =
    name: entries:
    runCommand name { } (
      ''
        mkdir -p $out
      ''
      + lib.concatMapStrings (entry: ''
        mkdir -p "$(dirname $out/${lib.escapeShellArg entry.name})"
        ln -s ${lib.escapeShellArg "${entry.path}"} $out/${lib.escapeShellArg entry.name}
      '') (if builtins.isAttrs entries then lib.mapAttrsToList (name: path: { inherit name path; }) entries else entries)
    );

  makeSetupHook =
    {
      name ? "hook",
      ...
    }:
    script:
    runCommand name { inherit script; } ''
      mkdir -p $out/nix-support
      cp $script $out/nix-support/setup-hook
    '';

  mkShell =
    {
      name ? "nix-shell",
      packages ? [ ],
      inputsFrom ? [ ],
      nativeBuildInputs ? [ ],
      buildInputs ? [ ],
      shellHook ? "",
      ...
    }@arguments:
    mkDerivation (
      builtins.removeAttrs arguments [
        "packages"
        "inputsFrom"
      ]
      // {
        inherit name shellHook;
        nativeBuildInputs = packages ++ nativeBuildInputs;
        buildInputs =
          buildInputs ++ lib.concatMap (shell: (shell.nativeBuildInputs or [ ]) ++ (shell.buildInputs or [ ])) inputsFrom;
        buildCommand = ''export >"$out"'';
      }
    );
  mkShellNoCC = mkShell;
}
