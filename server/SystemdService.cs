using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace VpsPilot.Server;

/// <summary>
/// Tells systemd when it serves and when it stops, and logs as the journal reads it. Not <c>AddSystemd()</c>: that looks for systemd in
/// <c>/proc</c>, where the unit sees its own processes only. The socket that systemd gives (<c>sd_notify(3)</c>) says enough.
/// </summary>
internal static class SystemdService
{
    public static void AddTo(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 })
        {
            return;
        }

        services.Configure<ConsoleLoggerOptions>(static o => o.FormatterName = ConsoleFormatterNames.Systemd);
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }
}
