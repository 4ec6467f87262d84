using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Activation.Switching;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Takes a project off the node. What it kept is archived first, under <c>backups</c>.</summary>
internal sealed class RemoveHandler(AgentPaths paths, ReleaseStarter starter, TrafficMover traffic, EdgeSwitch files, ReleaseStore releases, ProfileGenerations profiles, SystemUsers users, BackupMaker backups)
{
    private const string Step = "remove";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var failure = await RemoveAsync(context.ProjectId, context.Command.CommandId, cancellationToken);
        return new() { Outcome = failure is null ? CommandOutcome.Succeeded : CommandOutcome.Failed, Failure = failure };
    }

    private async Task<Failure?> RemoveAsync(string project, string commandId, CancellationToken cancellationToken)
    {
        var current = releases.Current(project);
        if (await starter.RemoveAsync(project, Step, cancellationToken) is { } running)
            return running;
        if (current is { } release && backups.HasContent(project, release)
            && (await backups.MakeAsync(project, release, commandId, isAside: true, Step, cancellationToken)).Failure is { } unsaved)
            return unsaved with { Message = $"{unsaved.Message}. The app is stopped; nothing else was removed", Hint = "Make room on the node and remove the project again; a restart starts the app." };
        if (await traffic.TakeAwayAsync(project, cancellationToken) is { } routed)
            return routed with { Step = Step };
        files.Remove(project);
        profiles.Remove(project);
        foreach (var folder in new[] { paths.Project(project), paths.Cache(project) }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        foreach (var log in Directory.EnumerateFiles(paths.AppLogs, project + ".*"))
            File.Delete(log);
        return await users.RemoveAsync(SystemUsers.Of(project), Step, cancellationToken) ?? await users.RemoveAsync(SystemUsers.BuilderOf(project), Step, cancellationToken);
    }
}
