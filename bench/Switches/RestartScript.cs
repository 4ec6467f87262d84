using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Switches;

/// <summary>What many people have: a unit, a new version in its place, and <c>systemctl restart</c>.</summary>
internal static class RestartScript
{
    public static async Task<LoadResult> RunAsync(TestVps vps, int perSecond, int switches)
    {
        var port = ControlPlaneOptions.FreePort();
        await vps.RunAsync(["mkdir", "-p", "/srv/script"]);
        await WriteAsync(vps, port, 0);
        await vps.WriteFileAsync("/etc/systemd/system/script.service", "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nExecStart=/usr/bin/node /srv/script/server.js\nRestart=always\n");
        await vps.RunAsync(["systemctl", "daemon-reload"]);
        await vps.RunAsync(["systemctl", "start", "script.service"]);
        await Task.Delay(1000);
        await using var load = new SteadyLoad(port, perSecond);
        for (var version = 1; version <= switches; version++)
        {
            await Task.Delay(1500);
            await WriteAsync(vps, port, version);
            await vps.RunAsync(["systemctl", "restart", "script.service"]);
        }

        await Task.Delay(1500);
        var result = await load.StopAsync();
        await vps.RunAsync(["systemctl", "stop", "script.service"]);
        return result;
    }

    private static Task WriteAsync(TestVps vps, int port, int version) =>
        vps.WriteFileAsync("/srv/script/server.js", $"require('node:http').createServer((request, response) => response.end('{version}')).listen({port}, '127.0.0.1');\n");
}
