using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Bench.Figures;
using VpsPilot.Bench.Switches;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

// Usage: VpsPilot.Bench.Switches [FILE], in the repository's root, after make build, on a machine that can boot a test VPS.
const int Switches = 10;
if (!TestVps.Available)
{
    Console.WriteLine($"not measured: {TestVps.UnavailableReason}");
    return 0;
}

var data = Directory.CreateTempSubdirectory("vpspilot-bench-").FullName;
var options = ControlPlaneOptions.OnFreePorts(Path.GetFullPath("artifacts/functions"), Path.Combine(data, "plane")) with { AgentPackages = Path.GetFullPath("artifacts/agent") };
var settings = new JsonObject { ["edge"] = new JsonObject { ["httpPort"] = ControlPlaneOptions.FreePort(), ["httpsPort"] = ControlPlaneOptions.FreePort(), ["internalCertificates"] = true } };
await using var stack = await LocalStack.StartAsync("bench", options, Path.Combine(data, "git"), _ => { }, settings: settings);
var figures = new List<Figure>();
var isWhole = true;

await PartAsync("the idle agent", IdleAsync);
await PartAsync("switches under load", SwitchedAsync);
await PartAsync("going back", BackAsync);
await PartAsync("a push", PushedAsync);
await PartAsync("a warm redeployment", async () => figures.AddRange(await WarmRedeploy.MeasureAsync(stack)));
var code = await FigureTable.PublishAsync(figures, args);
return isWhole ? code : 1;

// What one part could not measure does not take the figures of the others away.
async Task PartAsync(string name, Func<Task> measure)
{
    try
    {
        await measure();
    }
    catch (Exception e)
    {
        isWhole = false;
        Console.WriteLine($"not measured: {name}: {e}");
    }
}

async Task IdleAsync()
{
    var (resident, binary, ready) = await IdleAgent.MeasureAsync(stack.Vps);
    figures.Add(Figure.AtMost("agent: resident when idle", resident, "MB", 25));
    figures.Add(Figure.AtMost("agent: binary", binary, "MB", 20));
    figures.Add(Figure.AtMost("agent: from start to ready (median of 5)", ready, "ms", 150));
    figures.Add(Figure.AtMost("test VPS: booted again (median of 3)", await IdleAgent.MeasureBootAsync(stack.Vps), "s", 5));
}

// Ten switches under load, and the same with a script that restarts.
async Task SwitchedAsync()
{
    var app = await BenchApp.CreateAsync(stack, "switched", "\"watch\": \"1s\", \"grace\": \"1s\", \"drain\": \"5s\"");
    LoadResult switched;
    await using (var load = new SteadyLoad(app.Port, 320))
    {
        for (var i = 0; i < Switches; i++)
            await app.DeployAsync();
        switched = await load.StopAsync();
    }

    var script = await RestartScript.RunAsync(stack.Vps, 320, Switches);
    figures.Add(Figure.AtMost($"switches: failed of {switched.Sent} requests at 320/s in {Switches} switches", switched.Failed, "requests", 0) with { Baseline = script.Failed });
    figures.Add(Figure.Shown($"switches: failed of {script.Sent} with a script of systemctl restart", script.Failed, "requests"));
    foreach (var (name, percent) in new[] { ("median", 50.0), ("95th percentile", 95), ("99th percentile", 99), ("slowest", 100) })
        figures.Add(Figure.Shown($"switches: latency, {name}", switched.Percentile(percent), "ms") with { Baseline = Math.Round(script.Percentile(percent), 2) });
}

// Back to the version before, from the HTTP call to its first answer.
async Task BackAsync()
{
    var kept = await BenchApp.CreateAsync(stack, "back", "\"watch\": \"0s\", \"grace\": \"60s\"");
    var backs = new List<double>();
    for (var i = 0; i < 7; i++)
    {
        await kept.DeployAsync();
        backs.Add((await kept.RollBackAsync(kept.VersionBefore)).TotalSeconds);
        await kept.DeployAsync();
    }

    figures.Add(Figure.AtMost("rollback: from the HTTP call to the old version's answer (median of 7)", backs.Order().ElementAt(3), "s", 1));
}

// A push to the first answer of its version, at 100 requests a second.
async Task PushedAsync()
{
    var pushed = await BenchApp.CreateAsync(stack, "pushed", "\"watch\": \"1s\", \"grace\": \"1s\"");
    var pushes = new List<double>();
    LoadResult under;
    await using (var load = new SteadyLoad(pushed.Port, 100))
    {
        for (var i = 0; i < 9; i++)
        {
            var clock = Stopwatch.StartNew();
            await pushed.PushAsync();
            pushes.Add((await pushed.UntilAnswersAsync(pushed.Version, clock)).TotalSeconds);
            await Task.Delay(2500);
        }

        under = await load.StopAsync();
    }

    figures.Add(Figure.AtMost("push: to the first answer of the new version (median of 9)", pushes.Order().ElementAt(4), "s", 2));
    figures.Add(Figure.AtMost($"push: failed of {under.Sent} requests at 100/s", under.Failed, "requests", 0));
}
