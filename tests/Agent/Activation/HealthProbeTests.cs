using System.Net;
using System.Net.Sockets;
using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class HealthProbeTests
{
    private static readonly HealthCheckConfig Check = new() { Path = "/health?x=1", Timeout = TimeSpan.FromSeconds(5) };

    [Theory]
    [InlineData(200, null, true)]
    [InlineData(302, null, true)]
    [InlineData(404, null, false)]
    [InlineData(500, null, false)]
    [InlineData(200, 204, false)]
    [InlineData(418, 418, true)]
    public async Task The_status_decides(int status, int? expected, bool healthy)
    {
        var path = "";
        using var app = new HttpStub((request, _) =>
        {
            path = request.Url!.PathAndQuery;
            return (status, "the reason");
        });
        var result = await AskAsync(app.Port, Check with { ExpectStatus = expected });
        (result.IsHealthy, result.HasAnswered, path).ShouldBe((healthy, true, "/health?x=1"));
        result.Said.ShouldStartWith($"{status}");
        if (!healthy)
            result.Said.ShouldEndWith(": the reason");
    }

    [Fact]
    public async Task Nobody_listens()
    {
        var result = await AskAsync(HttpStub.FreePort(), Check);
        (result.IsHealthy, result.HasAnswered, result.Said).ShouldBe((false, false, "connection refused"));
    }

    [Fact]
    public async Task Somebody_listens_and_says_nothing()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var result = await AskAsync(((IPEndPoint)mute.LocalEndpoint).Port, Check with { Timeout = TimeSpan.FromMilliseconds(300) });
        (result.IsHealthy, result.HasAnswered, result.Said).ShouldBe((false, true, "no answer within 0.3 s"));
    }

    private static async Task<ProbeResult> AskAsync(int port, HealthCheckConfig check)
    {
        using var http = HealthProbe.CreateClient();
        return await new HealthProbe(http, new TransientUnits(new ProcessRunner(TimeProvider.System)), TimeProvider.System).AskAsync(port, check, default).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
