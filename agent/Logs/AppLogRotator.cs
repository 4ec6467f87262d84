using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Logs;

/// <summary>
/// Keeps the logs of apps from filling the disk. systemd opens them once, to append (systemd.exec(5), <c>append:</c>), and goes on writing to
/// the file it has; so a log is copied and cut to nothing in its place, and the next line starts it anew.
/// </summary>
internal sealed partial class AppLogRotator(AgentPaths paths, AgentSettings settings, TimeProvider time, ILogger<AppLogRotator> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    /// <summary>Puts aside every log that has grown to its limit.</summary>
    public void RotateAll()
    {
        foreach (var log in new DirectoryInfo(paths.AppLogs).EnumerateFiles("*.log").Where(f => f.LinkTarget is null && f.Length >= settings.Logs.MaxSize))
        {
            try
            {
                Rotate(log.FullName, settings.Logs.Keep);
                LogRotated(logger, log.Name);
            }
            catch (IOException e)
            {
                LogKept(logger, log.Name, e.Message);
            }
        }
    }

    /// <summary>The log becomes <c>.1</c>, what was <c>.1</c> becomes <c>.2</c>, and the oldest goes.</summary>
    internal static void Rotate(string log, int keep)
    {
        for (var i = keep; i > 1; i--)
        {
            if (File.Exists($"{log}.{i - 1}"))
                File.Move($"{log}.{i - 1}", $"{log}.{i}", overwrite: true);
        }

        var beside = log + ".tmp";
        using (var from = new FileStream(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        using (var to = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            // Lines written meanwhile are copied too; only one written between the last read and the cut is lost.
            from.CopyTo(to, 256 * 1024);
            from.SetLength(0);
        }

        File.Move(beside, log + ".1", overwrite: true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
            RotateAll();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 5310, Level = LogLevel.Information, Message = "The log {Log} was put aside.")]
    private static partial void LogRotated(ILogger logger, string log);

    [LoggerMessage(EventId = 5311, Level = LogLevel.Warning, Message = "The log {Log} could not be put aside: {Reason}")]
    private static partial void LogKept(ILogger logger, string log, string reason);
}
