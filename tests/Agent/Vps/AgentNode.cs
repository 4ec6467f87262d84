using VpsPilot.Agent.Tests.Builds;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Agent.Tests.Vps;

/// <summary>A real VPS with the published agent, installed as a user does it, and a stand-in for the control plane.</summary>
public class AgentNode : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private TestVps? vps;
    private ControlPlaneStandIn? plane;

    internal TestVps Vps => vps ?? throw new InvalidOperationException("There is no VPS.");

    internal ControlPlaneStandIn Plane => plane ?? throw new InvalidOperationException("There is no control plane.");

    /// <summary>More members of the agent's settings, as JSON with a comma at the end.</summary>
    protected virtual string Settings => "";

    /// <summary>Whether the node has a network of its own, whose link can be cut.</summary>
    protected virtual bool HasPrivateNetwork => false;

    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
            return; // Every test of the collection is a VpsFact and is skipped by name.
        plane = await ControlPlaneStandIn.StartAsync(onAllAddresses: HasPrivateNetwork);
        vps = await TestVps.BootAsync("agent", new TestVpsOptions { PrivateNetwork = HasPrivateNetwork, Binds = new Dictionary<string, string>(StringComparer.Ordinal) { [folder.Path] = "/srv/git" } });
        plane.SeenAs = Vps.HostAddress;
        await Vps.RunAsync(["mkdir", "-p", "/etc/vpspilot"]);
        var nix = await TestVps.OfflineNixpkgsAsync() is { } nixpkgs ? $$""", "substituters": [], "overrideInputs": { "*": "path:{{nixpkgs}}" }""" : "";
        await Vps.WriteFileAsync("/etc/vpspilot/agent.json", $$"""{ {{Settings}} "ports": { "from": {{Vps.Ports.From}}, "to": {{Vps.Ports.To}} }, "heartbeatSeconds": 2, "logs": { "maxSize": "1M", "keep": 2 }, "update": { "reportWithin": "30s" }{{nix}} }""");
        await Vps.CopyAsync(Artifact("linux-x64/vpspilot-agent"), "/root/vpspilot-agent");
        await Vps.CopyAsync(Artifact("install.sh"), "/root/install.sh");
        await InstallAsync();
    }

    internal Task<string> InstallAsync() => Vps.RunAsync(["sh", "/root/install.sh", "--url", Plane.Url.ToString(), "--token", "one-time", "--binary", "/root/vpspilot-agent", .. HasPrivateNetwork ? ["--allow-plain-text"] : Array.Empty<string>()]);

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

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static string Artifact(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "VpsPilot.Serverless.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
        var file = Path.Combine(root.FullName, "artifacts", "agent", name);
        return File.Exists(file) ? file : throw new InvalidOperationException($"{file} is missing: run make build first.");
    }
}

[CollectionDefinition(Name)]
public sealed class AgentNodeCollection : ICollectionFixture<AgentNode>
{
    public const string Name = "agent node";
}
