using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Dashboard.Tests.Stack;

/// <summary>A control plane, a test VPS that it knows nothing of yet, a git server, and a browser.</summary>
public sealed class JourneyFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("vpspilot-journey-").FullName;
    private TestVps? vps;
    private ControlPlane? plane;
    private GitDaemon? git;
    private Chromium? browser;

    internal TestVps Vps => vps!;

    internal ControlPlane Plane => plane!;

    internal GitDaemon Git => git!;

    internal Chromium Browser => browser!;

    internal string Repositories => Path.Combine(folder, "git");

    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
        {
            return; // The test is a VpsFact and is skipped by name.
        }

        Directory.CreateDirectory(Repositories);
        var booting = TestVps.BootAsync("dashboard");
        var options = ControlPlaneOptions.OnFreePorts(Repository.Functions, Path.Combine(folder, "data")) with { AgentPackages = Path.Combine(Repository.Root, "artifacts", "agent") };
        plane = await ControlPlane.StartAsync(options);
        git = await GitDaemon.StartAsync(Repositories, ControlPlaneOptions.FreePort());
        browser = await Chromium.StartAsync();
        vps = await booting;
    }

    public async Task DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[browser, git, plane, vps])
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        Directory.Delete(folder, recursive: true);
    }
}
