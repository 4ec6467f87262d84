using System.Runtime.CompilerServices;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

public sealed class FlakeRendererTests
{
    private const string AppPath = "/nix/store/00000000000000000000000000000000-source";

    [Theory]
    [InlineData("nodejs-environment", """{ "type": "nodejs", "runtime": { "node": "20" } }""", false)]
    [InlineData("nodejs-app", """{ "type": "nodejs", "runtime": { "node": "20" }, "start": { "command": "node server.js" } }""", true)]
    [InlineData("nodejs-workers", """{ "type": "nodejs", "runtime": { "node": "24" }, "start": { "command": "node server.js" }, "processes": { "worker": "node worker.js 'a b'", "clock": { "command": "node clock.js" } } }""", true)]
    [InlineData("nodejs-monorepo-packages", """{ "type": "nodejs", "root": "apps/it's $HOME", "runtime": { "node": "18", "php": "8.2" }, "nix": { "packages": ["imagemagick", "python311Packages.pip"] } }""", true)]
    [InlineData("nodejs-insecure", """{ "type": "nodejs", "runtime": { "node": "16" }, "nix": { "allow_insecure": true } }""", true)]
    [InlineData("static-plain", """{ "type": "static", "build": { "output": "site" } }""", true)]
    [InlineData("static-spa", """{ "type": "static", "runtime": { "node": "22" }, "build": { "output": "dist", "spa": true } }""", true)]
    [InlineData("static-environment", """{ "type": "static" }""", false)]
    [InlineData("static-built-by-node", """{ "type": "static", "runtime": { "node": "22" }, "build": { "output": "dist" }, "start": { "command": "caddy run --config \"${HOME}/''it's\"" } }""", true)]
    [InlineData("laravel-app", """{ "type": "laravel", "runtime": { "php": "8.4" } }""", true)]
    [InlineData("laravel-extensions-and-node", """{ "type": "laravel", "runtime": { "php": "7.4", "node": "18" }, "php": { "extensions": ["redis", "imagick"] }, "processes": { "queue": "php artisan queue:work" } }""", true)]
    [InlineData("laravel-insecure", """{ "type": "laravel", "runtime": { "php": "8.0" }, "nix": { "allow_insecure": true } }""", false)]
    [InlineData("go-app", """{ "type": "go", "runtime": { "go": "1.24" } }""", true)]
    [InlineData("go-environment", """{ "type": "go", "runtime": { "go": ">=1.21 <1.24" } }""", false)]
    [InlineData("go-packages", """{ "type": "go", "nix": { "packages": ["protobuf"] }, "root": "cmd" }""", true)]
    [InlineData("python-app", """{ "type": "python", "runtime": { "python": "3.12" }, "start": { "command": "python main.py" } }""", true)]
    [InlineData("python-environment", """{ "type": "python", "runtime": { "python": "3" } }""", false)]
    [InlineData("python-worker", """{ "type": "python", "start": { "command": ".venv/bin/python -m web" }, "processes": { "worker": ".venv/bin/python -m worker" } }""", true)]
    [InlineData("django-app", """{ "type": "django", "start": { "command": ".venv/bin/python -m gunicorn shop.wsgi" } }""", true)]
    [InlineData("django-environment", """{ "type": "django", "runtime": { "python": "3.11" } }""", false)]
    [InlineData("django-packages", """{ "type": "django", "nix": { "packages": ["libpq"] }, "start": { "command": "gunicorn shop.wsgi" } }""", true)]
    [InlineData("ruby-app", """{ "type": "ruby", "runtime": { "ruby": "3.3" }, "start": { "command": "bundle exec rackup" } }""", true)]
    [InlineData("ruby-environment", """{ "type": "ruby" }""", false)]
    [InlineData("ruby-insecure", """{ "type": "ruby", "runtime": { "ruby": "2.7" }, "nix": { "allow_insecure": true }, "start": { "command": "ruby app.rb" } }""", true)]
    [InlineData("custom-app", """{ "type": "custom" }""", true)]
    [InlineData("custom-environment", """{ "type": "custom", "nix": { "packages": ["jq"] } }""", false)]
    [InlineData("custom-own-environment", """{ "type": "custom", "root": "svc" }""", false)]
    [InlineData("go-persist", """{ "type": "go", "root": "api/v1", "persist": ["uploads", "data/app.db", "odd ${name}'s/", "uploads/images"] }""", true)]
    [InlineData("laravel-composer-extensions", """{ "type": "laravel", "runtime": { "php": "8.5" }, "php": { "extensions": ["json", "opcache", "redis"] }, "persist": ["storage"] }""", true)]
    [InlineData("custom-folder", """{ "type": "custom", "root": "apps/a b", "nix": { "flake_file": "nix/flake.nix" }, "start": { "command": "serve --port \"$PORT\"" } }""", true)]
    public void A_flake_is_as_its_golden_file(string name, string json, bool withApp)
    {
        var config = ConfigParser.Parse(json).Config.ShouldNotBeNull();

        var flake = FlakeRenderer.Render(new FlakeRequest("shop", ProjectDefaults.Apply(config, SourceFiles.None).Config)
        {
            AppStorePath = withApp ? AppPath : null,
            FlakeStorePath = name == "custom-own-environment" ? AppPath : null,
            DataDirectory = "/opt/vpspilot/projects/shop/data",
        }).Flake.ShouldNotBeNull();

        ShouldMatchGolden(flake.Text, name + ".nix");
    }

    [Fact]
    public void The_nixpkgs_inputs_are_named_so_that_a_site_can_override_them()
    {
        var config = ConfigParser.Parse("""{ "type": "nodejs", "runtime": { "node": "20", "php": "8.2" } }""").Config!;

        FlakeRenderer.Render(new FlakeRequest("shop", config)).Flake!.NixpkgsInputs.ShouldBe(["nixpkgs-25_11", "nixpkgs-26_05"]);
    }

    [Fact]
    public void An_unknown_version_names_the_supported_ones()
    {
        var config = ConfigParser.Parse("""{ "type": "nodejs", "runtime": { "node": "19" } }""").Config!;

        var failure = FlakeRenderer.Render(new FlakeRequest("shop", config)).Failure.ShouldNotBeNull();

        failure.Message.ShouldContain("neighbours are 18 and 20");
        failure.Hint.ShouldNotBeNull().ShouldContain("\"node\": \"20\"");
        failure.Problems.ShouldHaveSingleItem().Path.ShouldBe("$.runtime.node");
    }

    private static void ShouldMatchGolden(string actual, string file, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.ReadAllText(path));
    }
}
