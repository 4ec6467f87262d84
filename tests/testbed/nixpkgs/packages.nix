# The attributes by their nixpkgs names. Which runtime versions exist follows from what this Debian ships.
{
  lib,
  builders,
  debian,
}:
let
  inherit (debian) wrap versionOf;
  major = package: builtins.head (lib.splitVersion (versionOf package));

  # As in nixpkgs, bash is also the environment's sh (Debian's is dash, from another package).
  bash = (wrap "bash" [ "bash" ]).overrideAttrs (given: {
    buildCommand = given.buildCommand + "ln -s bash $out/bin/sh\n";
  });

  tools = {
    inherit bash;
  }
  // lib.genAttrs [
    "coreutils"
    "curl"
    "diffutils"
    "file"
    "findutils"
    "gzip"
    "jq"
    "less"
    "util-linux"
  ] (name: wrap name [ name ]);

  nodejs = wrap "nodejs" [
    "nodejs"
    "npm"
  ];
in
tools
// {
  bashInteractive = tools.bash;
  runtimeShellPackage = tools.bash;
  cacert = builders.runCommandLocal "cacert" { } ''
    mkdir -p $out/etc/ssl/certs
    ln -s /etc/ssl/certs/ca-certificates.crt $out/etc/ssl/certs/ca-bundle.crt
  '';
  caddy = wrap "caddy" [ "caddy" ];
  git = wrap "git" [ "git" ];
  gitMinimal = wrap "git" [ "git" ];
  gnugrep = wrap "gnugrep" [ "grep" ];
  gnused = wrap "gnused" [ "sed" ];
  gnutar = wrap "gnutar" [ "tar" ];
  openssh = wrap "openssh" [ "openssh-client" ];
  procps = wrap "procps" [ "procps" ];
  sqlite = wrap "sqlite" [ "sqlite3" ];
  xz = wrap "xz" [ "xz-utils" ];
  zstd = wrap "zstd" [ "zstd" ];
  makeWrapper = builders.makeSetupHook { name = "make-wrapper"; } ./make-wrapper.sh;
  makeBinaryWrapper = builders.makeSetupHook { name = "make-wrapper"; } ./make-wrapper.sh;
  inherit nodejs;
  "nodejs_${major "nodejs"}" = nodejs;
}
