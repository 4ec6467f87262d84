{
  description = "The test machine's nixpkgs, with a stand-in for each package that it lacks";

  outputs =
    { self }:
    {
      legacyPackages = builtins.listToAttrs (
        map (system: {
          name = system;
          value = import ./. { inherit system; };
        }) [ "x86_64-linux" "aarch64-linux" ]
      );
    };
}
