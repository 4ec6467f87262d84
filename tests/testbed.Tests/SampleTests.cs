using System.Text.Json;

namespace VpsPilot.Testbed.Tests;

public sealed class SampleTests
{
    [VpsFact]
    public async Task The_node_sample_is_built_tested_and_served_under_systemd()
    {
        await using var vps = await TestVps.BootAsync("node", new TestVpsOptions { PrivateNetwork = true });
        await vps.CopyAsync(Path.Combine(AppContext.BaseDirectory, "samples", "nodejs"), "/srv/app");
        (await vps.ExecAsync("sh", "-c", "cd /srv/app && npm ci && npm test")).OrThrow();

        (await vps.ExecAsync("systemd-run", "--unit=app", "-p", "DynamicUser=yes", "-p", "WorkingDirectory=/srv/app",
            "-E", "PORT=8123", "-E", "VPSPILOT_RELEASE=r1", "node", "server.js")).OrThrow();
        string[] curl = ["curl", "-fsS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", "--retry-max-time", "20"];
        (await vps.ExecAsync([.. curl, "http://127.0.0.1:8123/health"])).OrThrow();
        using var answer = JsonDocument.Parse((await vps.ExecAsync([.. curl, "http://127.0.0.1:8123/"])).OrThrow());

        answer.RootElement.GetProperty("app").GetString().ShouldBe("hello-node");
        answer.RootElement.GetProperty("version").GetString().ShouldBe("1.0.0");
        answer.RootElement.GetProperty("release").GetString().ShouldBe("r1");
        answer.RootElement.GetProperty("node").GetString()!.ShouldStartWith("v20.");
        (await vps.ExecAsync("systemctl", "stop", "app")).OrThrow();
        (await vps.ExecAsync("systemctl", "show", "app", "-p", "Result", "--value")).OrThrow().ShouldBe("success");
    }
}
