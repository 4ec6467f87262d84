{
  description = "A web app with a flake of its own: Caddy answers by a Caddyfile";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { nixpkgs, ... }:
    let
      version = "1.0.0";
      forEachSystem = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      # VPS Pilot starts the program `start` of the default package, in the folder of the commit's files.
      packages = forEachSystem (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          default = pkgs.writeShellApplication {
            name = "start";
            runtimeInputs = [ pkgs.caddy ];
            text = ''
              export APP_VERSION=${version} CADDY_VERSION=${pkgs.caddy.version}
              exec caddy run --config Caddyfile --adapter caddyfile
            '';
          };
        }
      );
    };
}
