using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Activation.Switching;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation;

/// <summary>
/// Goes back to an earlier release, with the environment it had or with new values; in an emergency, with the data of the last archive too. Does
/// nothing, successfully, when that release serves already. A rollback that a person asked for is watched like a deployment, and what the release
/// that serves has kept is archived before; one that undoes a deployment has the archive of that deployment.
/// </summary>
internal sealed class RollBackHandler(
    ReleaseStore releases, RollBackTargets targets, ReleaseSecrets secrets, SealedValues sealedValues, BackupStage backup, BackupStore backups, BackupRestorer restorer, ReleaseSwitch releaseSwitch, CanarySplit canary, ReleaseStarter starter, TrafficMover traffic, ServingReader serving, IHostApplicationLifetime lifetime)
{
    public async Task<CommandResult> RunAsync(CommandContext context, RollBackCommand command, CancellationToken cancellationToken)
    {
        var project = context.ProjectId;
        context.Output.Write($"Roll back: {command.Reason}");
        var current = releases.Current(project);
        var own = releases.Intent(project) is { } last && last.CommandId == context.Command.CommandId ? last : null;
        // An agent that died before it said so: by now "the previous release" and "the other slot" would be others.
        if (own?.Result is { } answered)
            return answered with { Backups = backups.Describe(project) };
        var isUnderWay = own is not null;
        if (!isUnderWay && releases.State(project)?.Split is { } split)
        {
            // Two releases share the traffic: the new one loses its part, and with it what was to be gone back from.
            if (await canary.EndAsync(project, Stages.RollBack, cancellationToken) is { } stuck)
                return await AnswerAsync(project, CommandOutcome.Failed, stuck, cancellationToken);
            if (command.IfServing == split.ReleaseId || command is { IfServing: null, Generation: null, ReleaseId: null, Commit: null, FromBackup: false })
                return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);
        }

        if (!isUnderWay && command.IfServing is { } expected && current?.ReleaseId != expected)
        {
            context.Output.Write($"{expected} does not serve; there is nothing to do.");
            return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);
        }

        if (targets.Of(context, command) is not { } target)
        {
            if (command is { IfServing: not null, ReleaseId: null, Generation: null, Commit: null, FromBackup: false })
                return await StopAsync(project, cancellationToken);
            return await AnswerAsync(project, CommandOutcome.Failed, targets.None(context, command), cancellationToken);
        }

        if (!isUnderWay && !command.FromBackup && command.Environment is null && current?.ReleaseId == target.ReleaseId && await starter.IsRunningAsync(project, target, releases.State(project)?.Slot ?? Slot.InPlace, cancellationToken))
            return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);

        context.Output.Hide(secrets.Of(project, target));
        IReadOnlyDictionary<string, string>? environment = null;
        if (command.Environment is { } box)
        {
            if (!sealedValues.Open(box, context.Command.CommandId, Stages.Secrets).Is(out var values, out var refused))
                return await AnswerAsync(project, CommandOutcome.Failed, refused, cancellationToken);
            context.Output.Hide(values.Values);
            environment = Placeholders.Resolve(target.Config.Env, values, out refused);
            if (refused is not null)
                return await AnswerAsync(project, CommandOutcome.Failed, target.Locate(refused with { Step = Stages.Secrets }), cancellationToken);
        }

        if (command.FromBackup && !isUnderWay)
        {
            var restored = await context.Stages.RunAsync(Stages.Restore, () => restorer.RestoreAsync(context, restorer.Choose(context)!, target, cancellationToken), b => b.File);
            if (restored.Failure is { } notRestored)
                return await AnswerAsync(project, CommandOutcome.Failed, notRestored, lifetime.ApplicationStopping);

            // The app is stopped by now: a cancel would leave it so.
            cancellationToken = lifetime.ApplicationStopping;
        }
        else if (command.IfServing is null)
        {
            await backup.BeforeRollBackAsync(context, (current ?? target).Config.Backups, cancellationToken);
        }

        var plan = new SwitchPlan(target, releases.SwitchFrom(project, context.Command.CommandId, target.ReleaseId)) { Environment = environment, IsNew = false, IsWatched = command.IfServing is null };
        return await releaseSwitch.RunAsync(context, plan, cancellationToken) with { Backups = backups.Describe(project) };
    }

    /// <summary>The first release of a project is taken back: then nothing serves, as before.</summary>
    private async Task<CommandResult> StopAsync(string project, CancellationToken cancellationToken)
    {
        if ((await traffic.TakeAwayAsync(project, cancellationToken) ?? await starter.RemoveAsync(project, Stages.RollBack, cancellationToken)) is { } failure)
            return await AnswerAsync(project, CommandOutcome.Failed, failure, cancellationToken);
        return await AnswerAsync(project, CommandOutcome.Succeeded, null, cancellationToken);
    }

    private async Task<CommandResult> AnswerAsync(string project, CommandOutcome outcome, Failure? failure, CancellationToken cancellationToken) =>
        new() { Outcome = outcome, Failure = failure, Serving = await serving.ReadAsync(project, cancellationToken) };
}
