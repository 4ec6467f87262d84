using System.Diagnostics;
using VpsPilot.Bench.Figures;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;
using VpsPilot.Templates.Detection;
using VpsPilot.Templates.Rendering;

// Usage: VpsPilot.Bench.Templates [FILE]. A large flake: two runtimes of two nixpkgs releases, extensions, processes, persistent paths.
const string Json = """
    {
      "type": "laravel", "runtime": { "php": "7.4", "node": ">=18 <21" }, "php": { "extensions": ["redis", "imagick"] },
      "processes": { "queue": "php artisan queue:work", "clock": "php artisan schedule:work" }, "persist": ["storage", "data/app.db"],
      "nix": { "packages": ["imagemagick"] }
    }
    """;

var parsed = ConfigParser.Parse(Json);
var began = Stopwatch.GetTimestamp();
Render();
var first = Stopwatch.GetElapsedTime(began);
var times = new double[5_000];
for (var i = 0; i < times.Length; i++)
{
    began = Stopwatch.GetTimestamp();
    Render();
    times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
}

Array.Sort(times);
return await FigureTable.PublishAsync(
[
    Figure.AtMost("templates: a sealing flake rendered, defaults and versions resolved, median", times[times.Length / 2], "ms", 5),
    Figure.Shown("templates: the same, 99th percentile, which is the machine's load", times[times.Length * 99 / 100], "ms"),
    Figure.Shown("templates: the first one in a process, code compiled, templates and catalogue read", first.TotalMilliseconds, "ms"),
], args);

void Render()
{
    var config = ProjectDefaults.Apply(parsed.Config!, new SourceFiles(["artisan", "composer.json"], _ => null)).Config;
    var flake = FlakeRenderer.Render(new FlakeRequest("shop", config) { AppStorePath = "/nix/store/00000000000000000000000000000000-source", DataDirectory = "/opt/vpspilot/projects/shop/data" }).Flake;
    if (flake is null || !flake.Text.Contains("php74", StringComparison.Ordinal))
    {
        throw new InvalidOperationException("The flake was not rendered.");
    }
}
