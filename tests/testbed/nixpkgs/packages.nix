# The attributes by their nixpkgs names. Which runtime versions exist follows from what this Debian ships.
{
  lib,
  builders,
  debian,
}:
let
  inherit (debian) wrap versionOf;
  major = package: builtins.head (lib.splitVersion (versionOf package));
  minor = package: builtins.elemAt (lib.splitVersion (versionOf package)) 1;

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

  # As in nixpkgs, python3 is also python (Debian has that name in another package).
  python =
    (wrap "python3" [
      "python3-minimal"
      "python3"
    ]).overrideAttrs
      (given: {
        buildCommand = given.buildCommand + "ln -s /usr/bin/python3 $out/bin/python\n";
      });
  go = wrap "go" [ "golang-go" ];

  # As in nixpkgs, ruby has bundler with it; rackup stands for gems, which no test machine can fetch.
  ruby = wrap "ruby" [
    "ruby"
    "bundler"
    "ruby-bundler"
    "ruby-rackup"
  ];

  php = import ./php.nix {
    inherit lib builders debian;
    version = "${major "php-cli"}.${minor "php-cli"}";
  };

  fetchedNodejs = import ./nodejs.nix { inherit lib builders; };
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
  inherit nodejs go ruby php;
  "php${major "php-cli"}${minor "php-cli"}" = php;
  python3 = python;
  "python${major "python3"}${minor "python3"}" = python;
  "go_${major "golang-go"}_${minor "golang-go"}" = go;
  "ruby_${major "ruby"}_${minor "ruby"}" = ruby;
  "nodejs_${major "nodejs"}" = nodejs;
}
// fetchedNodejs
