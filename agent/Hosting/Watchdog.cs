using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using VpsPilot.Agent.Events;

namespace VpsPilot.Agent.Hosting;

/// <summary>Tells systemd that the agent lives, twice in each period it asks for (sd_watchdog_enabled(3)), as long as its heart beats. An agent that hangs is restarted.</summary>
internal sealed class Watchdog(IServiceProvider services, HeartbeatService heartbeat, TimeProvider time) : BackgroundService
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService(typeof(ISystemdNotifier)) is not ISystemdNotifier notifier
            || !long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds))
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds / 2.0), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (heartbeat.IsAlive)
                notifier.Notify(Alive);
        }
    }
}
