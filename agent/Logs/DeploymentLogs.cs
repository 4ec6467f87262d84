using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Hosting;

namespace VpsPilot.Agent.Logs;

/// <summary>The logs that are open. Commands of one deployment share one; each is uploaded to its end, also after the last command.</summary>
internal sealed class DeploymentLogs(AgentPaths paths, LogUploader uploader, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (DeploymentLog Log, int Users)> open = new(StringComparer.Ordinal);

    /// <summary>Opens a log to append to it. Each has to be closed.</summary>
    public DeploymentLog Open(string deploymentId)
    {
        lock (gate)
        {
            if (open.TryGetValue(deploymentId, out var known))
            {
                open[deploymentId] = known with { Users = known.Users + 1 };
                return known.Log;
            }

            var log = new DeploymentLog(FileOf(deploymentId));
            open[deploymentId] = (log, 1);
            _ = UploadAsync(deploymentId, log);
            return log;
        }
    }

    /// <summary>Waits a few seconds for the upload, then lets go.</summary>
    public async Task CloseAsync(string deploymentId, CancellationToken cancellationToken)
    {
        DeploymentLog log;
        lock (gate)
            log = open[deploymentId].Log;
        await log.FlushAsync().WaitAsync(FlushLimit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            var left = open[deploymentId].Users - 1;
            open[deploymentId] = (log, left);
            if (left > 0)
                return;
            open.Remove(deploymentId);
        }

        log.Dispose();
    }

    /// <summary>Deletes old logs.</summary>
    public void Prune()
    {
        if (!Directory.Exists(paths.DeploymentLogs))
            return;
        var limit = (time.GetUtcNow() - Retention).UtcDateTime;
        foreach (var file in Directory.EnumerateFiles(paths.DeploymentLogs, "*.log").Where(f => File.GetLastWriteTimeUtc(f) < limit))
            File.Delete(file);
    }

    private async Task UploadAsync(string deploymentId, DeploymentLog log) =>
        await uploader.RunAsync(deploymentId, log, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private string FileOf(string deploymentId) => Path.Combine(paths.DeploymentLogs, deploymentId + ".log");
}
