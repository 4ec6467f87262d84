using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Demo;

/// <summary>Everything the demo runs: control plane, test VPS with an enrolled agent, git server, one project.</summary>
internal sealed class DemoStack : IAsyncDisposable
{
    public const string VpsName = "demo";
    public const string Node = "node-1";
    public const string Project = "hello-node";

    private DemoStack(ControlPlane plane, TestVps vps, GitDaemon git, AppRepository app) => (Plane, Vps, Git, App) = (plane, vps, git, app);

    public ControlPlane Plane { get; }

    public TestVps Vps { get; }

    public GitDaemon Git { get; }

    public AppRepository App { get; }

    public static async Task<DemoStack> StartAsync(DemoPaths paths, Timeline timeline, CancellationToken ct)
    {
        timeline.Say("booting a test VPS (systemd in systemd-nspawn)");
        var booting = TestVps.BootAsync(VpsName, ct: ct);
        var plane = await ControlPlane.StartAsync(
            new ControlPlaneOptions(paths.ControlPlaneProgram, paths.Data, HttpPort: 7071, QueuePort: 5672) { AgentPackages = paths.AgentPackages }, ct);
        timeline.Say($"the control plane answers at {plane.Url}");
        var vps = await booting;
        timeline.Say($"the VPS is up; packages come from {(vps.Nixpkgs.IsOffline ? "the offline nixpkgs of the testbed" : "real nixpkgs")}");

        await EnrollAsync(plane.Api, vps, timeline, ct);
        var app = await AppRepository.CreateAsync(paths.Repositories, Project, paths.Sample, ct);
        var git = await GitDaemon.StartAsync(paths.Repositories, ControlPlaneOptions.FreePort(), ct);
        await CreateProjectAsync(plane.Api, git, app, ct);
        timeline.Say($"project {Project} is connected to {git.UrlOf(Project)}");
        return new DemoStack(plane, vps, git, app);
    }

    public async ValueTask DisposeAsync()
    {
        await Git.DisposeAsync();
        await Plane.DisposeAsync();
        await Vps.DisposeAsync();
    }

    private static async Task EnrollAsync(ApiClient api, TestVps vps, Timeline timeline, CancellationToken ct)
    {
        var node = await api.PostAsync("api/nodes", new JsonObject { ["name"] = Node }, ct);
        await NodeInstaller.InstallAsync(vps, (string)node["installCommand"]!, ct);
        await NodeInstaller.WaitUntilOnlineAsync(api, (string)node["id"]!, TimeSpan.FromSeconds(30), ct);
        timeline.Say($"vpspilot-agent.service runs on {Node} and is enrolled");
    }

    private static async Task CreateProjectAsync(ApiClient api, GitDaemon git, AppRepository app, CancellationToken ct)
    {
        var project = await api.PostAsync("api/projects", new JsonObject
        {
            ["id"] = Project,
            ["repository"] = git.UrlOf(Project),
            ["branch"] = "main",
            ["nodes"] = new JsonArray(Node),
        }, ct);
        await app.InstallHookAsync(new Uri((string)project["webhookUrl"]!), (string)project["webhookSecret"]!, ct);
    }
}
