using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Activation.Switching;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Activation;

/// <summary>What becomes of a release that has a part of the traffic: it gets all of it, or none.</summary>
internal sealed class CanarySplit(ReleaseStore releases, ReleaseSwitch releaseSwitch, TrafficMover traffic, ReleaseStarter starter, ServingReader serving)
{
    /// <summary>Gives it all of the traffic. Does nothing, successfully, when it has that already.</summary>
    public async Task<CommandResult> ConfirmAsync(CommandContext context, ConfirmCanaryCommand command, CancellationToken cancellationToken)
    {
        var project = context.ProjectId;
        var isUnderWay = releases.Intent(project)?.CommandId == context.Command.CommandId;
        if (releases.Find(project, command.ReleaseId) is { } release && (isUnderWay || releases.State(project)?.Split?.ReleaseId == command.ReleaseId))
        {
            var plan = new SwitchPlan(release, releases.SwitchFrom(project, context.Command.CommandId, command.ReleaseId)) { IsNew = false, IsWatched = true };
            return await releaseSwitch.RunAsync(context, plan, cancellationToken);
        }

        var failure = releases.Current(project)?.ReleaseId == command.ReleaseId
            ? null
            : new Failure(Stages.Switch, FailureKind.Rejected, $"The release {command.ReleaseId} has no part of the traffic on this node.") { Hint = "Deploy the commit again." };
        return new() { Outcome = failure is null ? CommandOutcome.Succeeded : CommandOutcome.Failed, Failure = failure, Serving = await serving.ReadAsync(project, cancellationToken) };
    }

    /// <summary>Takes its part away and stops it, unless it belongs to the command under way.</summary>
    public async Task<Failure?> EndOthersAsync(CommandContext context, CancellationToken cancellationToken) =>
        releases.Intent(context.ProjectId)?.CommandId == context.Command.CommandId ? null : await EndAsync(context.ProjectId, Stages.Switch, cancellationToken);

    /// <summary>Takes its part away and stops it. Does nothing where there is none.</summary>
    public async Task<Failure?> EndAsync(string project, string step, CancellationToken cancellationToken)
    {
        if (releases.State(project) is not { Split: { } split } state || releases.Current(project) is not { } serves)
            return null;
        return await traffic.MoveAsync(project, serves, state with { Split = null }, step, cancellationToken)
            ?? await starter.StopAsync(project, split.Slot, step, cancellationToken);
    }
}
