using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Fleet;

/// <summary>The real control plane in its own process, and agents that are connected to it.</summary>
internal sealed class FleetUnderLoad : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly string folder;
    private readonly ControlPlane plane;
    private readonly List<SimulatedAgent> agents = [];

    private FleetUnderLoad(string folder, ControlPlane plane) => (this.folder, this.plane) = (folder, plane);

    public IReadOnlyList<SimulatedAgent> Agents => agents;

    public ApiClient Api => plane.Api;

    public static async Task<FleetUnderLoad> StartAsync(int nodes)
    {
        var data = Directory.CreateTempSubdirectory("vpspilot-bench-").FullName;
        var fleet = new FleetUnderLoad(data, await ControlPlane.StartAsync(ControlPlaneOptions.OnFreePorts(Path.GetFullPath("artifacts/functions"), data)));
        using var http = new HttpClient { BaseAddress = fleet.plane.Url, Timeout = TimeSpan.FromSeconds(60) };
        await Parallel.ForEachAsync(Enumerable.Range(0, nodes), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
        {
            var node = await fleet.Api.PostAsync("api/nodes", new JsonObject { ["name"] = NameOf(i) }, ct);
            var agent = new SimulatedAgent(await AgentKeys.EnrollAsync(http, (string)node["enrollmentToken"]!, ct));
            lock (fleet.agents)
            {
                fleet.agents.Add(agent);
            }
        });
        fleet.agents.Sort((a, b) => string.CompareOrdinal(a.NodeId, b.NodeId));
        await fleet.UntilOnlineAsync(nodes);
        return fleet;
    }

    public static string NameOf(int node) => $"n{node:0000}";

    public Task CreateProjectAsync(string id, IEnumerable<string> nodes, JsonObject deployment) => Api.PostAsync("api/projects", new JsonObject
    {
        ["id"] = id,
        ["repository"] = "https://example.com/bench/app.git",
        ["nodes"] = new JsonArray([.. nodes.Select(n => (JsonNode)n)]),
        ["deployment"] = deployment,
    });

    /// <summary>Deploys and waits for the end; asked for in the list, since the deployment itself comes with every step of every node.</summary>
    public async Task<JsonNode> DeployToTheEndAsync(string project, TimeSpan pause, TimeSpan limit)
    {
        var id = await DeployAsync(project);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var newest = (await Api.GetAsync($"api/projects/{project}/deployments?limit=1"))["items"]![0]!;
            if ((string)newest["id"]! == id && newest["finishedAt"] is not null)
            {
                return newest;
            }

            Expect.That(clock.Elapsed < limit, $"deployment {id} of {project} has not ended after {limit}: {newest["status"]}");
            await Task.Delay(pause);
        }
    }

    public double ResidentMegabytes()
    {
        using var process = Process.GetProcessById(plane.ProcessId);
        return process.WorkingSet64 / 1024.0 / 1024.0;
    }

    /// <summary>Share of one processor core that the control plane takes, in percent.</summary>
    public async Task<double> CpuPercentAsync(TimeSpan time)
    {
        using var process = Process.GetProcessById(plane.ProcessId);
        var (before, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(time);
        process.Refresh();
        return (process.TotalProcessorTime - before) / clock.Elapsed * 100;
    }

    public async ValueTask DisposeAsync()
    {
        await Parallel.ForEachAsync(agents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (agent, _) => agent.DisposeAsync());
        await plane.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> DeployAsync(string project) =>
        (string)(await Api.PostAsync($"api/projects/{project}/deployments", new JsonObject { ["commit"] = new string('c', 40) }))["id"]!;

    private async Task UntilOnlineAsync(int nodes)
    {
        for (var online = 0; online < nodes; await Task.Delay(500))
        {
            online = 0;
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await Api.GetAsync($"api/nodes?limit=100{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}");
                online += page["items"]!.AsArray().Count(n => (string)n!["state"]! == "online");
                cursor = (string?)page["nextCursor"];
            }
        }
    }
}
