using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests.Fleet;

/// <summary>A control plane and several VPSes, each with a network of its own, as servers at different hosters have.</summary>
public sealed class FleetFixture : IAsyncLifetime
{
    private const string Repositories = "/srv/git";

    private readonly string folder = Directory.CreateTempSubdirectory("vpspilot-fleet-").FullName;
    private readonly Dictionary<string, TestVps> nodes = new(StringComparer.Ordinal);
    private ControlPlane? plane;

    public ControlPlane Plane => plane ?? throw new InvalidOperationException("The fleet did not start.");

    public ApiClient Api => Plane.Api;

    public IReadOnlyDictionary<string, TestVps> Nodes => nodes;

    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
        {
            return; // Every test of the class is a VpsFact and is skipped by name.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        Directory.CreateDirectory(Path.Combine(folder, "git"));
        plane = await ControlPlane.StartAsync(
            ControlPlaneOptions.OnFreePorts(Path.Combine(StackFixture.Root, "artifacts", "functions"), Path.Combine(folder, "data")) with
            {
                AgentPackages = Path.Combine(StackFixture.Root, "artifacts", "agent"),
                ForPrivateNetworks = true,
                More = ["--Nodes:OfflineAfter=00:00:15"],
            },
            limit.Token);
        await Task.WhenAll(new[] { "fleet-1", "fleet-2" }.Select(name => AddAsync(name, limit.Token)));
    }

    /// <summary>A project on these nodes, with a watch window and a health check that end soon.</summary>
    public async Task<AppRepository> CreateProjectAsync(string id, JsonObject deployment, bool buildOnce = false)
    {
        var app = await AppRepository.CreateAsync(Path.Combine(folder, "git"), id, StackFixture.Sample("python"));
        await app.WithShortWatchAsync();
        await app.EditAsync("config.vpspilot.json", "\"retries\": 120", "\"retries\": 8");
        await Api.PostAsync("api/projects", new JsonObject
        {
            ["id"] = id,
            ["repository"] = $"{Repositories}/{id}.git",
            ["nodes"] = new JsonArray([.. Nodes.Keys.Order(StringComparer.Ordinal).Select(n => (JsonNode)n)]),
            ["deployment"] = deployment,
            ["buildOnce"] = buildOnce,
        });
        return app;
    }

    /// <summary>Pushes and starts a deployment of that commit; its id.</summary>
    public async Task<string> DeployAsync(AppRepository app, string project, string message) =>
        (string)(await Api.PostAsync($"api/projects/{project}/deployments", new JsonObject { ["commit"] = await app.PushAsync(message) }))["id"]!;

    /// <summary>Waits until a node says that this release serves, and returns the version that the app itself answers with.</summary>
    public async Task<string> VersionAsync(string node, string project, string release)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var serving = (await Api.GetAsync($"api/nodes/{node}", limit.Token))["serving"]![project];
            if (serving is not null && (string)serving["releaseId"]! == release)
            {
                return (string)JsonNode.Parse(await RunningApp.BodyAsync(Nodes[node], (int)serving["port"]!, limit.Token))!["version"]!;
            }

            await Task.Delay(200, limit.Token);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var vps in nodes.Values)
        {
            await vps.DisposeAsync();
        }

        if (plane is not null)
        {
            await plane.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task AddAsync(string name, CancellationToken ct)
    {
        var vps = await TestVps.BootAsync(name, new TestVpsOptions { PrivateNetwork = true, Binds = new Dictionary<string, string>(StringComparer.Ordinal) { [Path.Combine(folder, "git")] = Repositories } }, ct);
        lock (nodes)
        {
            nodes[name] = vps;
        }

        var node = await Api.PostAsync("api/nodes", new JsonObject { ["name"] = name }, ct);
        await NodeInstaller.InstallAsync(vps, $"{(string)node["installCommand"]!} --allow-plain-text", ct: ct);
        await NodeInstaller.WaitUntilOnlineAsync(Api, name, TimeSpan.FromMinutes(1), ct);
    }
}
