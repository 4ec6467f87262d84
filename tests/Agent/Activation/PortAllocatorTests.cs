using System.Net;
using System.Net.Sockets;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class PortAllocatorTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void Each_project_keeps_its_own_port_and_a_taken_one_is_left_out()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = ((IPEndPoint)stranger.LocalEndpoint).Port;
        var settings = new AgentSettings { Root = folder.Path, Ports = new PortRange(taken, Math.Min(taken + 20, 65535)) };
        var releases = new ReleaseStore(new AgentPaths(settings));
        foreach (var project in new[] { "a", "b" })
            Directory.CreateDirectory(Path.Combine(folder.Path, "projects", project, "releases"));

        var a = new PortAllocator(releases, settings).Of("a", "start").Value.ShouldNotBeNull().Port;
        var b = new PortAllocator(releases, settings).Of("b", "start").Value.ShouldNotBeNull().Port;
        a.ShouldNotBe(taken);
        b.ShouldNotBe(a);
        new PortAllocator(releases, settings).Of("a", "start").Value.ShouldNotBeNull().Port.ShouldBe(a);
    }

    [Fact]
    public void When_none_is_left_it_says_so()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = ((IPEndPoint)stranger.LocalEndpoint).Port;
        var settings = new AgentSettings { Root = folder.Path, Ports = new PortRange(taken, taken) };
        new PortAllocator(new ReleaseStore(new AgentPaths(settings)), settings).Of("a", "start").Failure.ShouldNotBeNull().Hint.ShouldNotBeNull().ShouldContain("ports");
    }

    public void Dispose() => folder.Dispose();
}
