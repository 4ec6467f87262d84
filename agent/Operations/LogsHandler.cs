using System.Globalization;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations;

/// <summary>Sends what an app wrote to the command's log, and goes on while it is followed. Secrets of its releases are taken out.</summary>
internal sealed class LogsHandler(InstalledUnits installed, ProjectUnits units, ReleaseSecrets secrets, ProcessRunner runner, TimeProvider time)
{
    public async Task<CommandResult> RunAsync(CommandContext context, LogsCommand command, CancellationToken cancellationToken)
    {
        var found = installed.Of(context.ProjectId).Where(u => command.Process is null || u.Process == command.Process).ToList();
        // A slot that was stopped wrote what is long over; where all are stopped, theirs are the last words.
        var shown = found.Where(u => units.IsEnabled(u.Name)).ToList() is { Count: > 0 } enabled ? enabled : found;
        if (found.Count == 0)
        {
            var what = command.Process is { } process ? $"The project has no process '{process}' on this node." : "The project has no units on this node.";
            return new() { Outcome = CommandOutcome.Failed, Failure = new Failure("logs", FailureKind.Rejected, what) { Hint = "GET /api/projects/{id}/status lists what there is." } };
        }

        context.Output.Hide(secrets.OfAll(context.ProjectId));
        using var limit = new CancellationTokenSource(command.Follow, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var files = shown.Select(u => u.LogFile).OfType<string>().Distinct(StringComparer.Ordinal).OrderBy(File.GetLastWriteTimeUtc).Select(f => FollowFileAsync(f, command, context.Output, end.Token));
        var journal = shown.Where(u => u.LogFile is null).Select(u => u.Name).ToList();
        await Task.WhenAll([.. files, .. journal.Count == 0 ? Array.Empty<Task>() : [FollowJournalAsync(journal, command, context.Output, cancellationToken)]]);
        cancellationToken.ThrowIfCancellationRequested();
        return new() { Outcome = CommandOutcome.Succeeded };
    }

    private async Task FollowFileAsync(string file, LogsCommand command, CommandOutput output, CancellationToken end)
    {
        var follower = new FileFollower(file);
        foreach (var line in follower.Last(command.Lines))
            output.Write(line);
        while (command.Follow > TimeSpan.Zero && !end.IsCancellationRequested)
        {
            await Task.Delay(FileFollower.Pause, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var line in follower.Next())
                output.Write(line);
        }
    }

    private Task<ProcessResult> FollowJournalAsync(IReadOnlyList<string> units, LogsCommand command, CommandOutput output, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> arguments =
        [
            .. units.Select(u => "--unit=" + u), "--output=cat", "--no-pager", "--quiet", $"--lines={command.Lines.ToString(CultureInfo.InvariantCulture)}",
            .. command.Follow > TimeSpan.Zero ? ["--follow"] : Array.Empty<string>(),
        ];
        return runner.RunAsync(new("journalctl", arguments)
        {
            Timeout = command.Follow > TimeSpan.Zero ? command.Follow : TimeSpan.FromSeconds(30),
            Output = output,
            ShowOutput = true,
        }, cancellationToken);
    }
}
