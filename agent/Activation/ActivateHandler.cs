using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Activation.Switching;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation;

/// <summary>Makes a built release the one that serves, or gives it a part of the traffic.</summary>
internal sealed class ActivateHandler(ReleaseStore releases, SealedValues sealedValues, BackupStage backup, BackupStore backups, ReleaseSwitch releaseSwitch, CanarySplit canary, ReleasePruner pruner, ServingReader serving)
{
    public async Task<CommandResult> RunAsync(CommandContext context, ActivateCommand command, CancellationToken cancellationToken)
    {
        var project = context.ProjectId;
        if (releases.Find(project, command.ReleaseId) is not { } release)
            return await RefusedAsync(context, new Failure("activate", FailureKind.Rejected, $"The release {command.ReleaseId} is not on this node.") { Hint = "Deploy the commit again: it is built anew." });
        if (!sealedValues.Open(command.Environment, context.Command.CommandId, Stages.Secrets).Is(out var values, out var failure))
            return await RefusedAsync(context, failure);
        context.Output.Hide(values.Values);
        var environment = Placeholders.Resolve(release.Config.Env, values, out failure);
        if (failure is not null)
            return await RefusedAsync(context, release.Locate(failure with { Step = Stages.Secrets }));
        if (await canary.EndOthersAsync(context, cancellationToken) is { } split)
            return await RefusedAsync(context, split);

        if (await backup.RunAsync(context, release.Config.Backups, cancellationToken) is { } unsaved)
            return await RefusedAsync(context, unsaved);

        // Where nothing serves yet, there is nobody to share the traffic with.
        var from = releases.SwitchFrom(project, context.Command.CommandId, release.ReleaseId);
        var plan = new SwitchPlan(release, from) { Environment = environment, IsNew = true, IsWatched = true, Percent = from is null ? null : command.TrafficPercent };
        var result = await releaseSwitch.RunAsync(context, plan, cancellationToken);
        if (result.Outcome == CommandOutcome.Succeeded)
            await pruner.PruneAsync(context, release.Config.Deployment.KeepReleases, cancellationToken);
        return result with { Backups = backups.Describe(project) };
    }

    private async Task<CommandResult> RefusedAsync(CommandContext context, Failure failure) =>
        new() { Outcome = CommandOutcome.Failed, Failure = context.Output.Redact(failure), Serving = await serving.ReadAsync(context.ProjectId, CancellationToken.None) };
}
