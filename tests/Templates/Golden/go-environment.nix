# Made by VPS Pilot. `nix develop` in a folder with this file gives the environment the app is built and run in.
{
  description = "shop, deployed by VPS Pilot";

  inputs = {
    nixpkgs-25_05.url = "github:NixOS/nixpkgs/nixos-25.05";
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
            nixpkgs-25_05 = inputs.nixpkgs-25_05.legacyPackages.${system};
          };
          base = pkgs.nixpkgs-25_05;
        in
        {
          inherit base;
          env = base.buildEnv {
            name = "shop" + "-env";
            ignoreCollisions = true;
            paths = [
              pkgs.nixpkgs-25_05.go_1_23
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
            is go "$(go version)" 'go version go1.23*'
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
