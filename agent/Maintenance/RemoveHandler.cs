using System.Globalization;
using VpsPilot.Agent.Activation;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Takes a project off the node. What it kept is archived first, under <c>backups</c>.</summary>
internal sealed class RemoveHandler(AgentPaths paths, ReleaseStarter starter, ReleaseStore releases, ProfileGenerations profiles, SystemUsers users, ProcessRunner runner, TimeProvider time)
{
    private const string Step = "remove";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var failure = await RemoveAsync(context.ProjectId, cancellationToken);
        return new() { Outcome = failure is null ? CommandOutcome.Succeeded : CommandOutcome.Failed, Failure = failure };
    }

    private async Task<Failure?> RemoveAsync(string project, CancellationToken cancellationToken)
    {
        if (await starter.StopAsync(project, Step, cancellationToken) is { } running)
            return running;
        if (await ArchiveAsync(project, cancellationToken) is { } unsaved)
            return unsaved;
        releases.SetCurrent(project, null);
        profiles.Remove(project);
        foreach (var folder in new[] { paths.Project(project), paths.Cache(project) }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        File.Delete(paths.AppLog(project));
        File.Delete(paths.AppLog(project) + ".1");
        return await users.RemoveAsync(SystemUsers.Of(project), Step, cancellationToken);
    }

    private async Task<Failure?> ArchiveAsync(string project, CancellationToken cancellationToken)
    {
        var data = paths.Data(project);
        if (!Directory.Exists(data) || !Directory.EnumerateFileSystemEntries(data).Any())
            return null;
        var archive = Path.Combine(paths.Backups, string.Create(CultureInfo.InvariantCulture, $"{project}-{time.GetUtcNow():yyyyMMdd-HHmmss}.tar.gz"));
        var packed = await runner.RunAsync(new("tar", ["--create", "--gzip", "--file", archive, "--directory", paths.Project(project), "data"]) { Timeout = TimeSpan.FromMinutes(30) }, cancellationToken);
        return packed.IsSuccess ? null : packed.ToFailure(Step, "tar", "Nothing was removed: make room under backups/ and try again.");
    }
}
