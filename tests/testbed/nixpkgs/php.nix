# Debian's PHP with the extensions that are asked for and no others, in the shape of nixpkgs: withExtensions, buildEnv, packages.composer.
{
  lib,
  builders,
  debian,
  version,
}:
let
  # Compiled into Debian's php, so there is nothing to load.
  builtIn = [ "filter" "openssl" "pcntl" "session" "sodium" "zlib" ];
  byDefault = [
    "bcmath" "calendar" "ctype" "curl" "dom" "exif" "fileinfo" "ftp" "gettext" "iconv" "intl" "mbstring" "opcache" "pdo" "pdo_sqlite"
    "posix" "readline" "simplexml" "sockets" "sqlite3" "sysvsem" "tokenizer" "xmlreader" "xmlwriter" "zip"
  ];
  onDemand = [ "ffi" "igbinary" "redis" "shmop" "sysvmsg" "sysvshm" "xsl" ];
  needs.redis = [ "igbinary" ];

  all = lib.genAttrs (builtIn ++ byDefault ++ onDemand) (name: {
    extensionName = name;
    loads = lib.optionals (!lib.elem name builtIn) ((needs.${name} or [ ]) ++ [ name ]);
  });
  enabled = map (name: all.${name}) (builtIn ++ byDefault);

  buildEnv =
    {
      extensions ? { enabled, ... }: enabled,
      extraConfig ? "",
      ...
    }:
    let
      chosen = extensions { inherit enabled all; };
      php =
        builders.runCommandLocal "php-with-extensions-${debian.versionOf "php${version}-cli"}"
          {
            inherit extraConfig;
            version = debian.versionOf "php${version}-cli";
            pname = "php";
            # Phar is what composer is written with; nixpkgs' php has it compiled in.
            loads = lib.unique ([ "phar" ] ++ lib.concatMap (extension: extension.loads) chosen);
            passAsFile = [ "extraConfig" ];
          }
          ''
            mkdir -p $out/bin $out/lib
            for name in $loads; do
              settings=/etc/php/${version}/mods-available/$name.ini
              priority=$(sed -n 's/^; *priority=//p' $settings)
              ln -s $settings $out/lib/''${priority:-20}-$name.ini
            done
            cp $extraConfigPath $out/lib/99-extra.ini
            printf '#!/bin/bash\nexport PHP_INI_SCAN_DIR=''${PHP_INI_SCAN_DIR-%s}\nexec /usr/bin/php${version} "$@"\n' $out/lib >$out/bin/php
            chmod +x $out/bin/php
          '';
    in
    php
    // {
      inherit buildEnv;
      extensions = all;
      withExtensions = choose: buildEnv { extensions = choose; inherit extraConfig; };
      # By the same php, so that it sees the same extensions.
      packages.composer = builders.writeShellScriptBin "composer" ''exec ${php}/bin/php /usr/bin/composer "$@"'';
    };
in
buildEnv { }
