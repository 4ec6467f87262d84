using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Orchestration.Groups;

namespace VpsPilot.Functions.Deployments.Orchestration.Rollout;

/// <summary>Switches the nodes step by step, and puts back everything that was switched when something fails or the deployment is canceled.</summary>
internal sealed class RolloutPhase(TaskOrchestrationContext context, DeploymentPlan plan, NodeGroups groups, DeploymentConfig config, IReadOnlyList<string> nodes, Task<StopRequest> stop)
{
    private readonly List<string> switched = [];
    private readonly List<string> unknown = [];

    /// <summary>Null when every node serves the release; otherwise why not. Then <see cref="RevertAsync"/> has to follow.</summary>
    public async Task<RolloutStop?> RunAsync()
    {
        foreach (var step in RolloutSteps.Of(config, nodes, isLeftAlone: nodes.Count < plan.Nodes.Count))
        {
            var stopped = await PauseAsync(step.PauseBefore) ?? await SwitchAsync(step) ?? await ProveAsync(step);
            if (stopped is not null)
            {
                return stopped;
            }
        }

        return null;
    }

    /// <summary>Sends every node back that was switched, in parallel. A lost one gets the order for when it comes back: it acts only if it did switch.</summary>
    public Task<GroupReport> RevertAsync(string reason) => groups.RunAsync(
        new GroupOrder
        {
            DeploymentId = context.InstanceId,
            ProjectId = plan.ProjectId,
            Kind = CommandIds.RollBack,
            Nodes = switched,
            LeftFor = unknown,
            Limit = plan.ActivateMargin,
            DoneAs = NodeStatus.RolledBack,
            GoesOn = true,
            IfServing = context.InstanceId,
            Reason = reason,
        },
        mayStop: false);

    private async Task<RolloutStop?> PauseAsync(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero && !stop.IsCompleted)
        {
            using var over = new CancellationTokenSource();
            await Task.WhenAny(context.CreateTimer(context.CurrentUtcDateTime + pause, over.Token), stop);
            Timers.Off(over);
        }

        return stop.IsCompleted ? new(await stop) : null;
    }

    private async Task<RolloutStop?> SwitchAsync(RolloutStep step)
    {
        var report = await groups.RunAsync(Order(CommandIds.Activate, step) with { StartsAs = NodeStatus.Activating, TrafficPercent = step.TrafficPercent });
        switched.AddRange(report.Done);
        return await OutcomeAsync(report);
    }

    private async Task<RolloutStop?> ProveAsync(RolloutStep step)
    {
        if (!step.IsCanary)
        {
            return null;
        }

        var others = nodes.Except(step.Nodes, StringComparer.Ordinal).ToList();
        var canary = new CanaryPhase(context, plan, config.Canary, step, others, stop);
        if (await canary.RunAsync() is { } stopped)
        {
            return stopped;
        }

        return step.TrafficPercent is null ? null : await OutcomeAsync(await groups.RunAsync(Order(CommandIds.Confirm, step)));
    }

    private async Task<RolloutStop?> OutcomeAsync(GroupReport report)
    {
        unknown.AddRange(report.Unknown);
        if (stop.IsCompleted)
        {
            return new(await stop);
        }

        return report.Mistake is { } mistake ? new(mistake) : null;
    }

    private GroupOrder Order(string kind, RolloutStep step)
    {
        // The health checks and the watch window that the commit's config asks for, and a margin for all else.
        var limit = config.Watch + config.HealthCheck.StartGrace + config.HealthCheck.Retries * (config.HealthCheck.Interval + config.HealthCheck.Timeout) + plan.ActivateMargin;
        return new()
        {
            DeploymentId = context.InstanceId,
            ProjectId = plan.ProjectId,
            Kind = kind,
            Nodes = step.Nodes,
            Limit = limit,
            OfflineWait = config.OfflineWait,
            StopGrace = plan.ActivateMargin,
            DoneAs = NodeStatus.Succeeded,
            KeepReleases = config.KeepReleases,
        };
    }
}

/// <summary>Why a rollout stopped: a failure, or the wish to stop.</summary>
internal sealed record RolloutStop(NodeFailure? Failed, StopRequest? Stop)
{
    public RolloutStop(StopRequest stop)
        : this(null, stop)
    {
    }

    public RolloutStop(NodeFailure failed)
        : this(failed, null)
    {
    }

    /// <summary>A failure that no single node has.</summary>
    public RolloutStop(Failure failure)
        : this(new NodeFailure("", Contracts.Events.CommandOutcome.Failed, failure), null)
    {
    }
}
