using System.Globalization;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Backups;

/// <summary>The <c>backup</c> stage: what the release that serves has kept so far, before another one takes over.</summary>
internal sealed class BackupStage(ReleaseStore releases, BackupMaker maker, BackupStore store)
{
    /// <summary>Null when it is done, or there was nothing to do.</summary>
    /// <param name="context">The command.</param>
    /// <param name="config">What the new release says of backups.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    public async Task<Failure?> RunAsync(CommandContext context, BackupsConfig config, CancellationToken cancellationToken)
    {
        var project = context.ProjectId;

        // After a crash the switch may be half done; what was to be kept is kept by then.
        if (releases.Intent(project) is { } intent && intent.CommandId == context.Command.CommandId)
            return null;
        var reason = !config.Enabled ? "turned off"
            : releases.Current(project) is not { } release ? "nothing serves yet"
            : !maker.HasContent(project, release) ? "nothing to keep"
            : null;
        if (reason is not null)
        {
            context.Stages.Skip(Stages.Backup, reason);
            return null;
        }

        var made = await context.Stages.RunAsync(
            Stages.Backup, () => maker.MakeAsync(project, releases.Current(project)!, context.Command.CommandId, isAside: false, Stages.Backup, cancellationToken),
            b => string.Create(CultureInfo.InvariantCulture, $"{b.File}, {b.Bytes / 1024.0:0.0} kB"));
        if (made.Failure is null)
            store.Prune(project, config.Keep);
        return made.Failure;
    }
}
