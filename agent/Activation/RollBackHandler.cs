using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation;

/// <summary>Goes back to an earlier release, with the environment it had. Does nothing, successfully, when that one serves already.</summary>
internal sealed class RollBackHandler(ReleaseStore releases, InPlaceSwitch inPlace, ReleaseStarter starter, ServingReader serving)
{
    public async Task<CommandResult> RunAsync(CommandContext context, RollBackCommand command, CancellationToken cancellationToken)
    {
        var project = context.ProjectId;
        context.Output.Write($"Roll back: {command.Reason}");
        var current = releases.Current(project);
        var isUnderWay = releases.Intent(project) is { Result: null } intent && intent.CommandId == context.Command.CommandId;
        if (!isUnderWay && command.IfServing is { } expected && current?.ReleaseId != expected)
        {
            context.Output.Write($"{expected} does not serve; there is nothing to do.");
            return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);
        }

        if (TargetOf(project, command, context.Command.CommandId) is not { } target)
        {
            if (command is { IfServing: not null, ReleaseId: null, Generation: null })
                return await StopAsync(project, cancellationToken);
            return await AnswerAsync(project, CommandOutcome.Failed, NoTarget(project, command), cancellationToken);
        }

        if (!isUnderWay && current?.ReleaseId == target.ReleaseId && await starter.IsRunningAsync(project, target, cancellationToken))
            return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);

        context.Output.Hide(SecretsOf(project, target));
        return await inPlace.RunAsync(context, new SwitchPlan(target, releases.SwitchFrom(project, context.Command.CommandId, target.ReleaseId)) { IsNew = false }, cancellationToken);
    }

    /// <summary>What was decided at the first try holds after a restart, whatever serves by then.</summary>
    private ReleaseManifest? TargetOf(string project, RollBackCommand command, string commandId)
    {
        if (releases.Intent(project) is { Result: null } intent && intent.CommandId == commandId)
            return releases.Find(project, intent.To);
        if (command.ReleaseId is { } release)
            return releases.Find(project, release) is { Generation: not null } found ? found : null;
        if (command.Generation is { } generation)
            return releases.List(project).FirstOrDefault(r => r.Generation == generation);
        return releases.Previous(project);
    }

    /// <summary>The first release of a project is taken back: then nothing serves, as before.</summary>
    private async Task<CommandResult> StopAsync(string project, CancellationToken cancellationToken)
    {
        if (await starter.StopAsync(project, Stages.RollBack, cancellationToken) is { } failure)
            return await AnswerAsync(project, CommandOutcome.Failed, failure, cancellationToken);
        releases.SetCurrent(project, null);
        return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);
    }

    private Failure NoTarget(string project, RollBackCommand command)
    {
        var wanted = command switch
        {
            { ReleaseId: { } release } => $"The release {release} is not on this node, or never served here",
            { Generation: { } generation } => $"The generation {generation} is not on this node",
            _ => "There is no earlier release on this node",
        };
        var known = releases.List(project).Where(r => r.Generation is not null).Select(r => $"generation {r.Generation} ({r.Commit[..12]})").ToList();
        return new Failure(Stages.RollBack, FailureKind.Rejected, $"{wanted}.") { Hint = known.Count == 0 ? "Deploy the commit you want." : $"There are: {string.Join(", ", known)}. Or deploy the commit you want." };
    }

    /// <summary>Values that came from secrets, out of the release's own environment.</summary>
    private IEnumerable<string> SecretsOf(string project, ReleaseManifest release)
    {
        var file = releases.EnvironmentOf(project, release.ReleaseId);
        var values = File.Exists(file) ? EnvironmentFile.Parse(File.ReadAllText(file)) : [];
        return release.Config.Env.Where(e => e.Value.Contains("{{", StringComparison.Ordinal)).Select(e => values.GetValueOrDefault(e.Key, ""));
    }

    private async Task<CommandResult> AnswerAsync(string project, CommandOutcome outcome, Failure? failure, CancellationToken cancellationToken) =>
        new() { Outcome = outcome, Failure = failure, Serving = await serving.ReadAsync(project, cancellationToken) };
}
