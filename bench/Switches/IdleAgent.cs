using System.Diagnostics;
using System.Globalization;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Switches;

/// <summary>What the agent costs when it has nothing to do, and what starting its VPS again does.</summary>
internal static class IdleAgent
{
    /// <summary>Megabytes resident, megabytes of the binary, and milliseconds from its start until it says that it is ready (median of five).</summary>
    public static async Task<(double Resident, double Binary, double Ready)> MeasureAsync(TestVps vps)
    {
        var starts = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            await vps.RunAsync(["systemctl", "restart", "vpspilot-agent.service"]);
            // Microseconds on the monotonic clock.
            var times = (await vps.RunAsync(["systemctl", "show", "--value", "--property=ExecMainStartTimestampMonotonic,ActiveEnterTimestampMonotonic", "vpspilot-agent.service"]))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(t => double.Parse(t, CultureInfo.InvariantCulture)).Order().ToArray();
            starts.Add((times[1] - times[0]) / 1000);
        }

        await Task.Delay(TimeSpan.FromSeconds(20));
        var resident = await vps.RunAsync(["bash", "-c", "awk '/^VmRSS/ {print $2}' \"/proc/$(systemctl show --value --property=MainPID vpspilot-agent.service)/status\""]);
        var binary = await vps.RunAsync(["stat", "--format=%s", "/usr/local/bin/vpspilot-agent"]);
        return (double.Parse(resident, CultureInfo.InvariantCulture) / 1024, double.Parse(binary, CultureInfo.InvariantCulture) / 1048576, starts.Order().ElementAt(2));
    }

    /// <summary>Seconds from the start of a stopped VPS until systemd in it is up (median of three).</summary>
    public static async Task<double> MeasureBootAsync(TestVps vps)
    {
        var boots = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            await vps.StopAsync();
            var clock = Stopwatch.StartNew();
            await vps.RestartAsync();
            boots.Add(clock.Elapsed.TotalSeconds);
        }

        return boots.Order().ElementAt(1);
    }
}
