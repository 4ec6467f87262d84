using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Bench.Figures;
using VpsPilot.Bench.Fleet;

// Usage: VpsPilot.Bench.Fleet [FILE], in the repository's root, after make build. VPSPILOT_BENCH_NODES=100 makes it smaller, for a first look.
var nodes = int.TryParse(Environment.GetEnvironmentVariable("VPSPILOT_BENCH_NODES"), out var asked) ? asked : 1000;
var projects = nodes / 5;
var settling = TimeSpan.FromSeconds(20);
var idleTime = TimeSpan.FromSeconds(60);
var limit = TimeSpan.FromMinutes(10);

var clock = Stopwatch.StartNew();
await using var fleet = await FleetUnderLoad.StartAsync(nodes);
Console.WriteLine($"{nodes} agents enrolled and online after {clock.Elapsed.TotalSeconds:0.0} s");
await Task.Delay(settling);
var idle = await fleet.CpuPercentAsync(idleTime);
var idleMemory = fleet.ResidentMegabytes();

await fleet.CreateProjectAsync("fleet", fleet.Agents.Select(a => a.NodeId), new JsonObject { ["rollout"] = "rolling", ["rolling"] = new JsonObject { ["batch"] = nodes / 10 } });
clock.Restart();
var whole = await fleet.DeployToTheEndAsync("fleet", TimeSpan.FromMilliseconds(250), limit);
var rolling = clock.Elapsed;
Expect.That((string)whole["status"]! == "succeeded", whole["summary"]!.ToString());
Expect.That(fleet.Agents.All(a => a.ServingOf("fleet") == (string)whole["id"]!), "not every node serves the release");
var memory = fleet.ResidentMegabytes();

// Of ten projects one does not compile, and one is not healthy on its last node and has to go back everywhere.
var all = Enumerable.Range(0, projects).Select(i => (Id: $"{(i % 10 == 3 ? Scenario.Broken : i % 10 == 7 ? Scenario.Sick : "good")}-{i}", Nodes: Enumerable.Range(i * 5, 5).Select(FleetUnderLoad.NameOf).ToArray())).ToList();
foreach (var (id, on) in all)
{
    await fleet.CreateProjectAsync(id, on, new JsonObject { ["rollout"] = "rolling", ["rolling"] = new JsonObject { ["batch"] = 2 } });
}

clock.Restart();
var ended = await Task.WhenAll(all.Select(async project => (project.Id, project.Nodes, Deployment: await fleet.DeployToTheEndAsync(project.Id, TimeSpan.FromSeconds(1), limit))));
var many = clock.Elapsed;
foreach (var (id, on, deployment) in ended)
{
    Expect.RightEnd(fleet, id, on, deployment);
}

return await FigureTable.PublishAsync(
[
    Figure.AtMost($"fleet: control plane idle with {nodes:N0} connected agents", idle, "% of a core", 5),
    Figure.AtMost($"fleet: one project on {nodes:N0} nodes, rolling by {nodes / 10}", rolling.TotalSeconds, "s", 60),
    Figure.Shown($"fleet: {projects} projects on 5 nodes each pushed at once, all at the right end", many.TotalSeconds, "s"),
    Figure.Shown($"fleet: control plane resident, idle with {nodes:N0} agents", idleMemory, "MB"),
    Figure.AtMost("fleet: control plane resident after the loads", Math.Max(memory, fleet.ResidentMegabytes()), "MB", 500),
], args);
