using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Packages.Tests;

/// <summary>One VPS with both packages installed as a person does it, and an app that runs: control plane, agent and app on one machine.</summary>
public sealed class PackageNode : IAsyncLifetime, IDisposable
{
    public const string Node = "own";
    public const string App = "shop";
    public const string First = "0.1.0";

    private readonly string folder = Directory.CreateTempSubdirectory("vpspilot-packages-").FullName;
    private readonly ControlPlaneOptions options;
    private TestVps? vps;
    private ApiClient? api;

    public PackageNode() => options = ControlPlaneOptions.OnFreePorts("", Path.Combine(folder, "trust")) with { IsEncrypted = true };

    public TestVps Vps => vps ?? throw new InvalidOperationException("There is no VPS.");

    public ApiClient Api => api ?? throw new InvalidOperationException("There is no control plane.");

    /// <summary>What the first run of <c>vpspilot-server admin-token</c> said, and the exit code of the second.</summary>
    public (string Token, int SecondTime) AdminToken { get; private set; }

    /// <summary>The install command that the control plane gave for the node.</summary>
    public string InstallCommand { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
        {
            return; // Every test of the collection is a VpsFact and is skipped by name.
        }

        var booting = TestVps.BootAsync("packages", new TestVpsOptions { Binds = new Dictionary<string, string>(StringComparer.Ordinal) { [folder] = "/srv/packages" } });
        await DebianPackages.ServerAsync(First, folder);
        await DebianPackages.AgentAsync(First, folder);
        vps = await booting;
        await InstallServerAsync();
        await InstallAgentAsync();
        await DeployAsync();
    }

    /// <summary>Installs a package file of the shared folder.</summary>
    public Task<VpsResult> DpkgAsync(params string[] arguments) => Vps.ExecAsync(["dpkg", "--force-unsafe-io", .. arguments], input: null, TimeSpan.FromMinutes(2));

    /// <summary>Builds a package and installs it.</summary>
    public async Task<VpsResult> UpgradeAsync(Func<string, Task<string>> build) => await DpkgAsync("--install", There(await build(folder)));

    /// <summary>A file of the shared folder as the VPS sees it.</summary>
    public static string There(string file) => $"/srv/packages/{Path.GetFileName(file)}";

    /// <summary>The agent's process.</summary>
    public async Task<string> AgentPidAsync() => await Vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", "vpspilot-agent.service"]);

    /// <summary>Waits for a heartbeat that is newer than this call.</summary>
    public async Task HeardFromAgentAsync()
    {
        var since = DateTimeOffset.UtcNow;
        await UntilAsync(async () => (DateTimeOffset?)(await Api.GetAsync($"api/nodes/{Node}"))["lastSeenAt"] is { } seen && seen > since, "a heartbeat");
    }

    /// <summary>Starts a deployment and waits for its end.</summary>
    public async Task<JsonNode> DeployOnceAsync()
    {
        var started = await Api.PostAsync($"api/projects/{App}/deployments", new JsonObject());
        return await new DeploymentFollower(Api).FollowAsync((string)started["id"]!, TimeSpan.FromMinutes(3));
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(1); await Task.Delay(100))
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The control plane is between two versions.
            }
        }

        throw new TimeoutException($"Not within a minute: {what}.");
    }

    public void Dispose() => api?.Dispose();

    public async Task DisposeAsync()
    {
        if (vps is not null)
        {
            await vps.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task InstallServerAsync()
    {
        // The VPS shares this machine's ports.
        await Vps.RunAsync(["mkdir", "-p", "/etc/vpspilot"]);
        await Vps.WriteFileAsync("/etc/vpspilot/server.env", $"""
            Embedded__Urls=https://127.0.0.1:{options.HttpPort}
            Embedded__Broker__Endpoint=amqps://127.0.0.1:{options.QueuePort}
            PublicUrl=https://127.0.0.1:{options.HttpPort}
            PublicQueueEndpoint=amqps://127.0.0.1:{options.QueuePort}
            Nodes__OfflineAfter=00:00:05
            """.ReplaceLineEndings("\n") + "\n");
        (await DpkgAsync("--install", $"/srv/packages/vpspilot-server_{First}_amd64.deb")).OrThrow();
        AdminToken = ((await Vps.RunAsync(["vpspilot-server", "admin-token"])).Trim(), (await Vps.ExecAsync("vpspilot-server", "admin-token")).ExitCode);
        Directory.CreateDirectory(options.DataDirectory);
        await File.WriteAllTextAsync(Path.Combine(options.DataDirectory, "ca.pem"), await Vps.RunAsync(["cat", "/var/lib/vpspilot-server/ca.pem"]) + "\n");
        api = new ApiClient(options.CreateClient(TimeSpan.FromSeconds(30)), AdminToken.Token);
    }

    private async Task InstallAgentAsync()
    {
        (await DpkgAsync("--install", $"/srv/packages/vpspilot-agent_{First}_amd64.deb")).OrThrow();
        InstallCommand = (string)(await Api.PostAsync("api/nodes", new JsonObject { ["name"] = Node }))["installCommand"]!;
        await NodeInstaller.InstallAsync(Vps, InstallCommand, new JsonObject { ["heartbeatSeconds"] = 1 });
        await NodeInstaller.WaitUntilOnlineAsync(Api, Node, TimeSpan.FromSeconds(30));
    }

    private async Task DeployAsync()
    {
        var repository = await AppRepository.CreateAsync(Path.Combine(folder, "git"), App, Path.Combine(DebianPackages.Root, "samples/nodejs"));
        await repository.EditAsync("config.vpspilot.json", "\"10s\"", "\"1s\"");
        await repository.PushAsync("First");
        await Api.PostAsync("api/projects", new JsonObject { ["id"] = App, ["repository"] = $"/srv/packages/git/{App}.git", ["nodes"] = new JsonArray(Node) });
        var deployment = await DeployOnceAsync();
        ((string?)deployment["status"]).ShouldBe("succeeded", deployment.ToJsonString());
    }
}

[CollectionDefinition(Name)]
public sealed class PackageNodeCollection : ICollectionFixture<PackageNode>
{
    public const string Name = "packages";
}
