using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Templates.Tests;

/// <summary>Configs whose flakes are kept as golden files, and checked by Nix. One whose name ends in <c>environment</c> has no app yet.</summary>
internal static class FlakeCases
{
    public const string AppPath = "/nix/store/00000000000000000000000000000000-source";

    public static readonly IReadOnlyList<(string Name, string Json)> All =
    [
        ("nodejs-environment", """{ "type": "nodejs", "runtime": { "node": "20" } }"""),
        ("nodejs-app", """{ "type": "nodejs", "runtime": { "node": "20" }, "start": { "command": "node server.js" } }"""),
        ("nodejs-workers", """{ "type": "nodejs", "runtime": { "node": "24" }, "start": { "command": "node server.js" }, "processes": { "worker": "node worker.js 'a b'", "clock": { "command": "node clock.js" } } }"""),
        ("nodejs-monorepo-packages", """{ "type": "nodejs", "root": "apps/it's $HOME", "runtime": { "node": "18", "php": "8.2" }, "nix": { "packages": ["imagemagick", "python311Packages.pip"] } }"""),
        ("nodejs-insecure", """{ "type": "nodejs", "runtime": { "node": "16" }, "nix": { "allow_insecure": true } }"""),
        ("static-plain", """{ "type": "static", "build": { "output": "site" } }"""),
        ("static-spa", """{ "type": "static", "runtime": { "node": "22" }, "build": { "output": "dist", "spa": true } }"""),
        ("static-environment", """{ "type": "static" }"""),
        ("static-built-by-node", """{ "type": "static", "runtime": { "node": "22" }, "build": { "output": "dist" }, "start": { "command": "caddy run --config \"${HOME}/''it's\"" } }"""),
        ("laravel-app", """{ "type": "laravel", "runtime": { "php": "8.4" } }"""),
        ("laravel-extensions-and-node", """{ "type": "laravel", "runtime": { "php": "7.4", "node": "18" }, "php": { "extensions": ["redis", "imagick"] }, "processes": { "queue": "php artisan queue:work" } }"""),
        ("laravel-insecure-environment", """{ "type": "laravel", "runtime": { "php": "8.0" }, "nix": { "allow_insecure": true } }"""),
        ("go-app", """{ "type": "go", "runtime": { "go": "1.24" } }"""),
        ("go-environment", """{ "type": "go", "runtime": { "go": ">=1.21 <1.24" } }"""),
        ("go-packages", """{ "type": "go", "nix": { "packages": ["protobuf"] }, "root": "cmd" }"""),
        ("python-app", """{ "type": "python", "runtime": { "python": "3.12" }, "start": { "command": "python main.py" } }"""),
        ("python-environment", """{ "type": "python", "runtime": { "python": "3" } }"""),
        ("python-worker", """{ "type": "python", "start": { "command": ".venv/bin/python -m web" }, "processes": { "worker": ".venv/bin/python -m worker" } }"""),
        ("django-app", """{ "type": "django", "start": { "command": ".venv/bin/python -m gunicorn shop.wsgi" } }"""),
        ("django-environment", """{ "type": "django", "runtime": { "python": "3.11" } }"""),
        ("django-packages", """{ "type": "django", "nix": { "packages": ["libpq"] }, "start": { "command": "gunicorn shop.wsgi" } }"""),
        ("ruby-app", """{ "type": "ruby", "runtime": { "ruby": "3.3" }, "start": { "command": "bundle exec rackup" } }"""),
        ("ruby-environment", """{ "type": "ruby" }"""),
        ("ruby-insecure", """{ "type": "ruby", "runtime": { "ruby": "2.7" }, "nix": { "allow_insecure": true }, "start": { "command": "ruby app.rb" } }"""),
        ("custom-app", """{ "type": "custom" }"""),
        ("custom-environment", """{ "type": "custom", "nix": { "packages": ["jq"] } }"""),
        ("custom-own-environment", """{ "type": "custom", "root": "svc" }"""),
        ("go-persist", """{ "type": "go", "root": "api/v1", "persist": ["uploads", "data/app.db", "odd ${name}'s/", "uploads/images"] }"""),
        ("laravel-composer-extensions", """{ "type": "laravel", "runtime": { "php": "8.5" }, "php": { "extensions": ["json", "opcache", "redis"] }, "persist": ["storage"] }"""),
        ("custom-folder", """{ "type": "custom", "root": "apps/a b", "nix": { "flake_file": "nix/flake.nix" }, "start": { "command": "serve --port \"$PORT\"" } }"""),
    ];

    public static RenderedFlake Render(string name, string json, string appPath = AppPath)
    {
        var config = ProjectDefaults.Apply(ConfigParser.Parse(json).Config.ShouldNotBeNull(), SourceFiles.None).Config;
        var isEnvironment = name.EndsWith("environment", StringComparison.Ordinal);
        return FlakeRenderer.Render(new FlakeRequest("shop", config)
        {
            AppStorePath = isEnvironment ? null : appPath,
            FlakeStorePath = name.EndsWith("own-environment", StringComparison.Ordinal) ? appPath : null,
            DataDirectory = "/opt/vpspilot/projects/shop/data",
        }).Flake.ShouldNotBeNull();
    }
}
