{
  inputs.nixpkgs-2511.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { self, nixpkgs-2511 }:
    let
      system = "x86_64-linux";
      pkgs = import nixpkgs-2511 {
        inherit system;
        config.permittedInsecurePackages = [ "nodejs-16.20.2" ];
      };
      inherit (pkgs) lib;
      env = pkgs.buildEnv {
        name = "app-env";
        paths = [
          pkgs.nodejs_20
          pkgs.bash
          pkgs.coreutils
          pkgs.cacert
        ];
      };
    in
    {
      packages.${system} = {
        inherit env;

        default = pkgs.stdenv.mkDerivation {
          pname = "app";
          version = "1.0";
          src = ./.;
          nativeBuildInputs = [ pkgs.makeWrapper ];
          dontBuild = true;
          installPhase = ''
            runHook preInstall
            mkdir -p $out/bin
            cp message.txt $out/
            makeWrapper ${env}/bin/node $out/bin/start --set GREETING "it's ok" --prefix PATH : ${lib.makeBinPath [ env ]} \
              --add-flags "-p process.env.GREETING"
            runHook postInstall
          '';
          postInstall = "echo hooked > $out/hook";
        };

        joined = pkgs.symlinkJoin {
          name = "joined";
          paths = [
            (pkgs.writeShellScriptBin "quoted" "echo ${lib.escapeShellArg "a 'b' $c"}")
            (pkgs.writeShellApplication {
              name = "version";
              runtimeInputs = [ pkgs.nodejs_20 ];
              text = "node --version";
            })
            (pkgs.writeTextFile {
              name = "notes";
              text = "notes";
              destination = "/share/notes";
            })
          ];
        };
      };

      devShells.${system}.default = pkgs.mkShell {
        packages = [ env ];
        shellHook = "export FROM_HOOK=yes";
        FROM_ATTRIBUTE = "set";
      };
    };
}
