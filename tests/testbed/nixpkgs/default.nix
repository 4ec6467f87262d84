# `import nixpkgs { inherit system; config = …; }`, as people write it.
{
  system ? builtins.currentSystem,
  config ? { },
  overlays ? [ ],
  ...
}:
let
  lib = import ./lib.nix;
  builders = import ./builders.nix { inherit lib system pkgs; };
  debian = import ./debian.nix { inherit lib builders; };
  packages = import ./packages.nix { inherit lib builders debian; };

  base =
    builders
    // packages
    // {
      inherit lib config system;
      stdenv = builders.stdenv;
      stdenvNoCC = builders.stdenv;
      all = builders.linkFarm "all" (lib.mapAttrsToList (name: path: { inherit name path; }) packages);
      callPackage = lib.callPackageWith pkgs;
    };
  pkgs = lib.foldl' (before: overlay: before // overlay pkgs before) base overlays;
in
pkgs
