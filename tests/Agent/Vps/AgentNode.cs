using System.Text.Json;
using VpsPilot.Agent.Tests.Builds;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>A real VPS with the published agent, installed as a user does it, and a stand-in for the control plane.</summary>
public sealed class AgentNode : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private TestVps? vps;
    private ControlPlaneStandIn? plane;

    internal TestVps Vps => vps ?? throw new InvalidOperationException("There is no VPS.");

    internal ControlPlaneStandIn Plane => plane ?? throw new InvalidOperationException("There is no control plane.");

    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
            return; // Every test of the collection is a VpsFact and is skipped by name.
        plane = await ControlPlaneStandIn.StartAsync();
        vps = await TestVps.BootAsync("agent", new TestVpsOptions { Binds = new Dictionary<string, string>(StringComparer.Ordinal) { [folder.Path] = "/srv/git" } });
        await Vps.RunAsync(["mkdir", "-p", "/etc/vpspilot"]);
        if (await TestVps.OfflineNixpkgsAsync() is { } nixpkgs)
            await Vps.WriteFileAsync("/etc/vpspilot/agent.json", $$"""{ "heartbeatSeconds": 2, "logs": { "maxSize": "1M", "keep": 2 }, "update": { "reportWithin": "30s" }, "substituters": [], "overrideInputs": { "*": "path:{{nixpkgs}}" } }""");
        await Vps.CopyAsync(Artifact("linux-x64/vpspilot-agent"), "/root/vpspilot-agent");
        await Vps.CopyAsync(Artifact("install.sh"), "/root/install.sh");
        await InstallAsync();
    }

    internal Task<string> InstallAsync() => Vps.RunAsync(["sh", "/root/install.sh", "--url", Plane.Url.ToString(), "--token", "one-time", "--binary", "/root/vpspilot-agent"]);

    /// <summary>A repository with a small Node.js app that says its version.</summary>
    internal async Task<AppUnderTest> CreateAppAsync(string project)
    {
        var app = new AppUnderTest(this, project, await GitRepository.CreateAsync(folder[project]));
        await app.CommitAsync("1");
        return app;
    }

    internal Task KillAgentAsync() => Vps.RunAsync(["systemctl", "kill", "--signal=KILL", "vpspilot-agent.service"]);

    public async Task DisposeAsync()
    {
        if (vps is not null)
            await vps.DisposeAsync();
        if (plane is not null)
            await plane.DisposeAsync();
    }

    public void Dispose() => folder.Dispose();

    internal static string Artifact(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "VpsPilot.Serverless.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
        var file = Path.Combine(root.FullName, "artifacts", "agent", name);
        return File.Exists(file) ? file : throw new InvalidOperationException($"{file} is missing: run make build first.");
    }
}

/// <summary>A project on the node, from commit to answer.</summary>
internal sealed class AppUnderTest(AgentNode node, string project, GitRepository repository)
{
    private int deployments;

    /// <summary>Statements at the top of the server; a change of them makes it bad.</summary>
    public string Prelude { get; set; } = "";

    public string Config { get; set; } = """{ "type": "nodejs", "runtime": { "node": "20" }, "build": { "commands": ["true"] }, "start": { "command": "node server.js" }, "deployment": { "health_check": { "interval": "200ms", "retries": 25 }, "watch": "1s" } }""";

    public string Project => project;

    public GitRepository Repository => repository;

    public Task<string> CommitAsync(string version) => repository.CommitAsync(
        $"Version {version}",
        ("config.vpspilot.json", Config),
        ("server.js", $$"""
            {{Prelude}}
            let healthy = true;
            require("node:http").createServer((request, response) => {
              if (request.url === "/sick") healthy = false;
              if (request.url === "/crash") process.exit(3);
              response.statusCode = healthy ? 200 : 500;
              response.end(request.url === "/env" ? JSON.stringify(process.env) : "{{version}}");
            }).listen(process.env.PORT, "127.0.0.1");
            """));

    public string NextDeployment() => $"{project}-{++deployments}";

    public CommandEnvelope Build(string deployment, SealedBox? environment = null) =>
        ControlPlaneStandIn.Command($"{deployment}.build.n1", new BuildCommand { Repository = $"/srv/git/{project}", Branch = "main", Environment = environment }, project);

    public CommandEnvelope Activate(string deployment, SealedBox? environment = null) =>
        ControlPlaneStandIn.Command($"{deployment}.activate.n1", new ActivateCommand { ReleaseId = deployment, Environment = environment }, project);

    public CommandEnvelope Other(Command body) => ControlPlaneStandIn.Command($"{NextDeployment()}.other.n1", body, project);

    /// <summary>Builds and activates the head, with values for placeholders; the answer to the activation.</summary>
    public async Task<CommandResult> DeployAsync(Dictionary<string, string>? values = null)
    {
        var deployment = NextDeployment();
        var built = await node.Plane.DoAsync(Build(deployment, Seal(values, $"{deployment}.build.n1")));
        built.Outcome.ShouldBe(CommandOutcome.Succeeded, built.Failure?.ToString());
        return await node.Plane.DoAsync(Activate(deployment, Seal(values, $"{deployment}.activate.n1")));
    }

    /// <summary>What the app answers; fails when it does not.</summary>
    public async Task<string> AskAsync(int port, string path = "/") => await node.Vps.RunAsync(["curl", "--silent", "--max-time", "5", $"http://127.0.0.1:{port}{path}"]);

    /// <summary>Asks for something that may kill it.</summary>
    public Task AskOrNothingAsync(int port, string path) => node.Vps.ExecAsync("curl", "--silent", "--max-time", "5", $"http://127.0.0.1:{port}{path}");

    public async Task<IReadOnlyDictionary<string, string>> UnitAsync() =>
        (await node.Vps.RunAsync(["systemctl", "show", $"vpspilot-project-{project}.service"])).Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).DistinctBy(p => p[0]).ToDictionary(p => p[0], p => p[1]);

    /// <summary>Values for one command.</summary>
    public SealedBox Sealed(Dictionary<string, string> values, string commandId) => Seal(values, commandId)!;

    private SealedBox? Seal(Dictionary<string, string>? values, string context) =>
        values is null ? null : SealedBox.Seal(node.Plane.SealingKey, JsonSerializer.SerializeToUtf8Bytes(values), context);
}

[CollectionDefinition(Name)]
public sealed class AgentNodeCollection : ICollectionFixture<AgentNode>
{
    public const string Name = "agent node";
}
