# Made by VPS Pilot. `nix develop` in a folder with this file gives the environment the app is built and run in.
{
  description = "shop, deployed by VPS Pilot";

  inputs = {
    nixpkgs-26_05.url = "github:NixOS/nixpkgs/nixos-26.05";
    nixpkgs-23_05.url = "github:NixOS/nixpkgs/nixos-23.05";
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
            nixpkgs-23_05 = import inputs.nixpkgs-23_05 {
              inherit system;
              config.permittedInsecurePackages = [
                "openssl-1.1.1w"
              ];
            };
          };
          base = pkgs.nixpkgs-26_05;
        in
        {
          inherit base;
          env = base.buildEnv {
            name = "shop" + "-env";
            ignoreCollisions = true;
            paths = [
              pkgs.nixpkgs-23_05.php80
              pkgs.nixpkgs-23_05.php80.packages.composer
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
            is php "$(php -r 'echo PHP_VERSION;')" '8.0.*'
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
