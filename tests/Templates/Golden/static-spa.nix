# Made by VPS Pilot. `nix develop` in a folder with this file gives the environment the app is built and run in.
{
  description = "shop, deployed by VPS Pilot";

  inputs = {
    nixpkgs-26_05.url = "github:NixOS/nixpkgs/nixos-26.05";
    app = {
      url = "path:/nix/store/00000000000000000000000000000000-source";
      flake = false;
    };
  };

  outputs =
    inputs:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEachSystem =
        make:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = make system;
          }) systems
        );
      parts = forEachSystem (
        system:
        let
          pkgs = {
            nixpkgs-26_05 = inputs.nixpkgs-26_05.legacyPackages.${system};
          };
          base = pkgs.nixpkgs-26_05;
        in
        {
          inherit base;
          env = base.buildEnv {
            name = "shop" + "-env";
            ignoreCollisions = true;
            paths = [
              pkgs.nixpkgs-26_05.nodejs_22
              base.caddy
              base.bash
              base.coreutils
              base.findutils
              base.git
              base.gnugrep
              base.gnused
              base.gnutar
              base.gzip
              base.cacert
            ];
          };
        }
      );
    in
    {
      packages = forEachSystem (
        system:
        let
          inherit (parts.${system}) base env;
        in
        {
          inherit env;
          default =
            let
              prelude =
                "#!${base.bash}/bin/bash\n"
                + "export PATH=${env}/bin SSL_CERT_FILE=${env}/etc/ssl/certs/ca-bundle.crt\n"
                + "export VPSPILOT_DATA=" + "'/opt/vpspilot/projects/shop/data'" + "\n"
                + "cd ${inputs.app}" + "" + "\n"
                + "export VPSPILOT_SERVED=\"$PWD\"" + "'/dist'" + "\n"
                + "exec ${base.bash}/bin/bash -euo pipefail -c ";
            in
            base.runCommandLocal "shop"
              {
                passAsFile = [
                  "script0"
                  "script1"
                ];
                script0 = prelude + "'exec caddy run --adapter caddyfile --config - <<< \"{\n admin off\n persist_config off\n auto_https off\n}\nhttp://127.0.0.1:\$PORT {\n bind 127.0.0.1\n root * \\\"\$VPSPILOT_SERVED\\\"\n encode gzip\n try_files {path} /index.html\n file_server\n}\"'" + "\n";
                script1 = prelude + "\"\$1\"" + "\n";
              }
              ''
                mkdir -p $out/bin
                ln -s ${env} $out/env
                ln -s ${inputs.app} $out/app
                cp $script0Path $out/bin/start
                cp $script1Path $out/bin/run
                chmod 0555 $out/bin/*
              '';
        }
      );

      # Everything builds, and each runtime is of the version that was asked for.
      checks = forEachSystem (
        system:
        let
          inherit (parts.${system}) base env;
        in
        inputs.self.packages.${system}
        // {
          runtimes = base.runCommandLocal ("shop" + "-runtimes") { } ''
            export PATH=${env}/bin
            is() {
              echo "$1: $2" >>$out
              case $2 in $3) ;; *) echo "$1 is $2, not $3" >&2 && exit 1 ;; esac
            }
            touch $out
            is node "$(node --version)" 'v22.*'
          '';
        }
      );

      devShells = forEachSystem (
        system:
        let
          inherit (parts.${system}) base env;
        in
        {
          default = base.mkShell { packages = [ env ]; };
        }
      );
    };
}
