using System.Text.Json.Nodes;
using VpsPilot.Bench.Dashboard;
using VpsPilot.Bench.Figures;
using VpsPilot.Testbed.Stack;

// Usage: VpsPilot.Bench.Dashboard [FILE], in the repository's root, after make build, on a machine with Debian's chromium.
const int Projects = 20;
const int Views = 9;
if (!File.Exists(FirstView.Chromium))
{
    Console.WriteLine($"not measured: there is no {FirstView.Chromium}");
    return 0;
}

var functions = Path.GetFullPath("artifacts/functions");
var data = Directory.CreateTempSubdirectory("vpspilot-bench-").FullName;
await using var plane = await ControlPlane.StartAsync(ControlPlaneOptions.OnFreePorts(functions, data));
await plane.Api.PostAsync("api/nodes", new JsonObject { ["name"] = "web-1" });
for (var i = 1; i <= Projects; i++)
{
    await plane.Api.PostAsync("api/projects", new JsonObject { ["id"] = $"app-{i}", ["repository"] = "https://example.com/bench/app.git", ["nodes"] = new JsonArray("web-1") });
}

await using var view = await FirstView.StartAsync(plane);
var (first, again) = (new List<double>(), new List<double>());
for (var i = 0; i < Views; i++)
{
    var (cold, warm) = await view.MeasureAsync($"app-{Projects}");
    first.Add(cold.TotalMilliseconds);
    again.Add(warm.TotalMilliseconds);
}

var kilobytes = Directory.GetFiles(Path.Combine(functions, "wwwroot"), "*.gz", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length) / 1024.0;
return await FigureTable.PublishAsync(
[
    Figure.AtMost($"dashboard: from the address to an overview of {Projects} projects, nothing cached (median of {Views})", first.Order().ElementAt(Views / 2), "ms", 1000),
    Figure.Shown("dashboard: the same again, cached", again.Order().ElementAt(Views / 2), "ms"),
    Figure.AtMost("dashboard: all files, gzipped", kilobytes, "KB", 100),
], args);
