using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests;

/// <summary>Tests of the whole daemon against a real broker. There is no systemd here, so commands end at the stage that needs it.</summary>
public abstract class DaemonTests : IAsyncLifetime, IDisposable
{
    private IHost? agent;

    private protected AgentFolder Folder { get; } = new();

    private protected ControlPlaneStandIn Plane { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Plane = await ControlPlaneStandIn.StartAsync();
        Plane.AgentKey = Folder.Keys.SigningKey;
    }

    public async Task DisposeAsync()
    {
        if (agent is not null)
            await agent.StopAsync();
        await Plane.DisposeAsync();
    }

    public void Dispose()
    {
        agent?.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task StartAgentAsync(AgentSettings? with = null)
    {
        agent = AgentHost.Build(with ?? Folder.Settings, Folder.Paths, new Identity(Plane.Url, Plane.Enrollment, "hash"), Folder.Keys);
        await agent.StartAsync();
    }
}
