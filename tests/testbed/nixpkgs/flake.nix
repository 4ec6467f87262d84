{
  description = "A nixpkgs for test machines without a network: the attributes that the templates use, backed by Debian's binaries";

  outputs =
    { self }:
    let
      lib = import ./lib.nix;
      each = lib.genAttrs [ "x86_64-linux" "aarch64-linux" ];
    in
    {
      inherit lib;
      legacyPackages = each (system: import ./. { inherit system; });
      # Everything at once, so that a test machine can build it beforehand.
      packages = each (system: { inherit (self.legacyPackages.${system}) all; });
    };
}
