using System.Net;
using System.Net.Sockets;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Operations;
using VpsPilot.Agent.Operations.Checks;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Tests.Enrollment;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Operations;

public sealed class CheckTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void A_port_is_found_with_the_process_that_listens_on_it()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var port = ((IPEndPoint)socket.LocalEndpoint).Port;
        ListeningPorts.Read().ShouldContain(l => l.Port == port && l.Pid == Environment.ProcessId && l.Name != null);
    }

    [Theory]
    [InlineData("0::/system.slice/vpspilot-project-shop.service\n", "vpspilot-project-shop.service")]
    [InlineData("12:pids:/system.slice/a.service\n1:name=systemd:/system.slice/a.service/init.scope\n", "a.service")]
    [InlineData("0::/user.slice\n", null)]
    public void The_unit_of_a_process_is_in_its_control_group(string cgroup, string? unit) => ListeningPorts.UnitIn(cgroup).ShouldBe(unit);

    [Fact]
    public void Only_sockets_that_listen_count()
    {
        ListeningPorts.Sockets(
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:5208 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0",
            "   1: 0100007F:5209 0100007F:0016 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 100 0 0 10 0",
        ]).ShouldBe([(21000, "4711")]);
    }

    [Fact]
    public void A_stranger_on_an_apps_port_and_an_app_on_another_port_are_told()
    {
        var check = new PortCheck(new InstalledUnits(new AgentPaths(new AgentSettings())), null!);
        var app = new InstalledUnit("vpspilot-project-shop.service", "shop", "web", null, 21000, null);
        check.Judge(app, true, [new(21000, 7, "node", "vpspilot-project-shop.service")]).ShouldBeNull();
        check.Judge(app, false, []).ShouldBeNull();
        var stranger = check.Judge(app, true, [new(21000, 9, "nginx", "nginx.service")]).ShouldNotBeNull();
        (stranger.State, stranger.Message).ShouldBe((FindingState.Error, "Port 21000 of the project shop is in use by nginx (process 9, nginx.service)."));
        stranger.Remedy.ShouldNotBeNull().ShouldContain("Stop that process");
        check.Judge(app, true, [new(8080, 7, "node", "vpspilot-project-shop.service")]).ShouldNotBeNull().Message
            .ShouldBe("vpspilot-project-shop.service runs and does not listen on its port 21000, but on 8080.");
    }

    [Fact]
    public void A_stranger_on_a_port_of_the_edge_is_told_and_the_edge_itself_is_none()
    {
        var check = new EdgeCheck(new AgentSettings(), null!, null!, null!);
        var settings = new EdgeSettings { HttpPort = 80, HttpsPort = 443 };
        check.Strangers(settings, [new(80, 7, "caddy", "vpspilot-edge.service"), new(443, 7, "caddy", "vpspilot-edge.service"), new(22, 8, "sshd", "ssh.service")]).ShouldBeEmpty();
        var found = check.Strangers(settings, [new(80, 9, "nginx", "nginx.service"), new(80, 10, "nginx", "nginx.service")]).ShouldHaveSingleItem();
        (found.State, found.Message).ShouldBe((FindingState.Error, "Port 80, which the edge needs for domains, is in use by nginx (process 9, nginx.service)."));
        found.Remedy.ShouldNotBeNull().ShouldContain("systemctl disable");
    }

    [Fact]
    public async Task A_node_without_an_edge_lacks_none() =>
        (await new EdgeCheck(new AgentSettings(), null!, null!, null!).RunAsync(default)).ShouldHaveSingleItem().State.ShouldBe(FindingState.Ok);

    [Theory]
    [InlineData(0, FindingState.Ok)]
    [InlineData(-4, FindingState.Ok)]
    [InlineData(20, FindingState.Warning)]
    [InlineData(-3600, FindingState.Error)]
    public async Task The_clock_is_compared_with_the_control_planes(int ahead, FindingState state)
    {
        using var plane = new HttpStub((_, _) => (200, "{}"));
        using var http = new HttpClient();
        var time = new ShiftedTime(TimeSpan.FromSeconds(ahead));
        var finding = (await new ClockCheck(TestIdentity.For(plane.Url), http, time).RunAsync(default)).ShouldHaveSingleItem();
        finding.State.ShouldBe(state, finding.Message);
        (finding.Remedy is null).ShouldBe(state == FindingState.Ok);
    }

    [Fact]
    public async Task A_control_plane_that_does_not_answer_is_told()
    {
        using var http = new HttpClient();
        var finding = (await new ClockCheck(TestIdentity.For(new Uri($"http://127.0.0.1:{HttpStub.FreePort()}/")), http, TimeProvider.System).RunAsync(default)).ShouldHaveSingleItem();
        (finding.State, finding.Remedy is null).ShouldBe((FindingState.Error, false));
    }

    [Theory]
    [InlineData(null, 20L << 30, 1L << 30)]
    [InlineData(null, 10L << 30, (10L << 30) / 20)]
    [InlineData(5L << 30, 10L << 30, 5L << 30)]
    public void What_has_to_stay_free_is_a_gigabyte_or_a_twentieth_or_what_is_set(long? set, long total, long needed) => DiskGuard.Needed(set, total).ShouldBe(needed);

    [Fact]
    public async Task A_disk_that_is_almost_full_refuses_builds_with_a_remedy()
    {
        var settings = new AgentSettings { Root = folder.Path, Disk = new() { MinFree = long.MaxValue } };
        var guard = new DiskGuard(new AgentPaths(settings), settings);
        var failure = guard.Check("fetch").ShouldNotBeNull();
        failure.Message.ShouldStartWith("The disk is almost full: ");
        failure.Hint.ShouldNotBeNull().ShouldContain("/collect");
        (await new DiskCheck(guard).RunAsync(default)).ShouldAllBe(f => f.State == FindingState.Error && f.Remedy != null);
        settings = settings with { Disk = new() { MinFree = 1 } };
        guard = new DiskGuard(new AgentPaths(settings), settings);
        guard.Check("fetch").ShouldBeNull();
        (await new DiskCheck(guard).RunAsync(default)).ShouldAllBe(f => f.State == FindingState.Ok && f.Remedy == null);
    }

    public void Dispose() => folder.Dispose();

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
