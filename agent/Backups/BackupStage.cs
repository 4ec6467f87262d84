using System.Globalization;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Backups;

/// <summary>The <c>backup</c> stage: what the release that serves has kept so far, before another one takes over.</summary>
internal sealed class BackupStage(ReleaseStore releases, BackupMaker maker, BackupStore store)
{
    /// <summary>Before a release takes over.</summary>
    /// <param name="context">The command.</param>
    /// <param name="config">What the new release says of backups.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    /// <returns>Null when it is done, or there was nothing to do.</returns>
    public Task<Failure?> RunAsync(CommandContext context, BackupsConfig config, CancellationToken cancellationToken) => RunAsync(context, config, isAside: false, cancellationToken);

    /// <summary>
    /// Before an earlier release comes back. The archive is put aside: what a release wrote that is gone back from is not what an emergency restores.
    /// One that cannot be made, on a full disk perhaps, does not keep anybody from going back; the log says so.
    /// </summary>
    /// <param name="context">The command.</param>
    /// <param name="config">What the release that serves says of backups.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    public async Task BeforeRollBackAsync(CommandContext context, BackupsConfig config, CancellationToken cancellationToken)
    {
        var isMade = false;
        try
        {
            isMade = await RunAsync(context, config, isAside: true, cancellationToken) is null;
        }
        catch (IOException)
        {
            // The disk is full; the stage has failed as well.
        }

        if (!isMade)
            context.Output.Write("There is no archive of what the serving release has kept. Going back changes nothing of it, and goes on.");
    }

    private async Task<Failure?> RunAsync(CommandContext context, BackupsConfig config, bool isAside, CancellationToken cancellationToken)
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
            Stages.Backup, () => maker.MakeAsync(project, releases.Current(project)!, context.Command.CommandId, isAside, Stages.Backup, cancellationToken),
            b => string.Create(CultureInfo.InvariantCulture, $"{b.File}, {b.Bytes / 1024.0:0.0} kB"));
        if (made.Failure is null)
            store.Prune(project, config.Keep);
        return made.Failure;
    }
}
