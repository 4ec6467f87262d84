using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Activation;

/// <summary>Decides which release a rollback goes to.</summary>
internal sealed class RollBackTargets(ReleaseStore releases, BackupRestorer restorer)
{
    /// <summary>The target; null when there is none. What was decided at the first try holds after a restart, whatever serves by then.</summary>
    public ReleaseManifest? Of(CommandContext context, RollBackCommand command)
    {
        var project = context.ProjectId;
        if (releases.Intent(project) is { Result: null } intent && intent.CommandId == context.Command.CommandId)
            return releases.Find(project, intent.To);
        return command switch
        {
            { OtherSlot: true } => releases.InOtherSlot(project) is { ProvedAt: not null, Generation: not null } proved ? proved : null,
            { FromBackup: true } => restorer.Choose(context) is { } backup ? releases.Find(project, backup.ReleaseId) : null,
            { ReleaseId: { } release } => releases.Find(project, release) is { Generation: not null } found ? found : null,
            { Generation: { } generation } => releases.List(project).FirstOrDefault(r => r.Generation == generation),
            { Commit: { } commit } => releases.List(project).FirstOrDefault(r => r.Commit == commit && r.Generation is not null),
            _ => releases.Previous(project),
        };
    }

    /// <summary>Why there is no target, and what there is.</summary>
    public Failure None(CommandContext context, RollBackCommand command)
    {
        var project = context.ProjectId;
        if (command.FromBackup)
            return NoBackup(context);
        if (command.OtherSlot)
            return NoOtherSlot(project);
        var wanted = command switch
        {
            { ReleaseId: { } release } => $"The release {release} is not on this node, or never served here",
            { Generation: { } generation } => $"The generation {generation} is not on this node",
            { Commit: { } commit } => $"No release of the commit {commit[..12]} is on this node",
            _ => "There is no earlier release on this node",
        };
        var known = releases.List(project).Where(r => r.Generation is not null).Select(r => $"generation {r.Generation} ({r.Commit[..12]})").ToList();
        return Rejected($"{wanted}.", known.Count == 0 ? "Deploy the commit you want." : $"There are: {string.Join(", ", known)}. Or deploy the commit you want.");
    }

    private Failure NoOtherSlot(string project)
    {
        const string Previous = "Go back to \"previous\" or to a generation; GET /api/projects/{id}/releases lists them.";
        if (releases.State(project) is not { Slot: not Slot.InPlace and var serving })
            return Rejected("The project runs in place: it has no other slot.", Previous);
        var other = serving.Other().Word();
        return releases.InOtherSlot(project) is { } bad
            ? Rejected($"The release in the {other} slot ({bad.Commit[..12]}) was given up: it never went through its watch window.", Previous)
            : Rejected($"The {other} slot is empty: nothing ran in it, or its release is not kept any more.", Previous);
    }

    private Failure NoBackup(CommandContext context) => restorer.Choose(context) is { } backup
        ? Rejected($"The release of the last backup ({backup.File}, commit {backup.Commit[..12]}) is not on this node any more.", $"Deploy the commit {backup.Commit}, then restore the archive by hand.")
        : Rejected("There is no backup of the project on this node.", "Go back to a release instead; GET /api/projects/{id}/releases lists them.");

    private static Failure Rejected(string message, string hint) => new(Stages.RollBack, FailureKind.Rejected, message) { Hint = hint };
}
