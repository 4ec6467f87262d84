# A package whose programs are links to Debian's.
{ lib, builders }:
let
  # Written on the test machine from dpkg, so that names and versions are the true ones.
  versions =
    if builtins.pathExists ./debian-versions.json then
      builtins.fromJSON (builtins.readFile ./debian-versions.json)
    else
      { };

  # Debian's "1:2.47.3-0+deb13u1" is upstream's 2.47.3.
  upstream = version: builtins.elemAt (builtins.match "([0-9]+:)?([0-9A-Za-z.]+).*" version) 1;
  versionOf = package: upstream (versions.${package} or "0");
in
{
  inherit versionOf;

  # name → the Debian packages that supply its programs; the first gives the version.
  wrap =
    name: debianPackages:
    let
      version = versionOf (builtins.head debianPackages);
    in
    builders.runCommandLocal "${name}-${version}" {
      inherit debianPackages version;
      pname = name;
      # A new Debian revision is a new derivation.
      revisions = map (package: versions.${package} or "0") debianPackages;
      meta.mainProgram = if name == "nodejs" then "node" else name;
    } ''
      mkdir -p $out/bin
      for program in $(dpkg-query -L $debianPackages | grep -E '^(/usr)?/s?bin/[^/]+$'); do
        ln -sfn "$program" "$out/bin/''${program##*/}"
      done
      if rmdir $out/bin 2>/dev/null; then
        echo "there are no programs in Debian's $debianPackages" >&2
        exit 1
      fi
    '';
}
