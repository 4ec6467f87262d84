using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>Switches node by node, and puts back what was switched as soon as one node fails.</summary>
internal sealed class ActivatePhase(TaskOrchestrationContext context, DeploymentPlan plan, NodeCommands commands, IReadOnlyDictionary<string, BuiltRelease> built)
{
    public async Task<ActivateOutcome> RunAsync()
    {
        var switched = new List<string>();
        foreach (var node in plan.Nodes)
        {
            await commands.RecordAsync(commands.Record(node, NodeStatus.Activating));
            var result = await commands.ActivateAsync(node, LimitOf(built[node]));
            await RecordAsync(node, result);
            if (result.Outcome == CommandOutcome.Succeeded)
            {
                switched.Add(node);
                continue;
            }

            var failure = result.Failure ?? new Failure("activate", FailureKind.Internal, $"Node {node} gave no reason.");

            // Nobody knows what a lost node did. It gets the order as well, for when it comes back: it acts only if it did switch.
            var isLost = failure.Kind == FailureKind.Lost;
            var stuck = await RevertAsync(switched, isLost ? node : null, failure);
            return new(node, failure, WasServing: result.Outcome == CommandOutcome.RolledBack, Reverted: switched.Except(stuck).ToList(), Stuck: stuck);
        }

        return new(null, null, WasServing: false, [], []);
    }

    /// <summary>The health checks and the watch window that the commit's config asks for, and a margin for all else.</summary>
    private TimeSpan LimitOf(BuiltRelease release) =>
        release.Deployment.Watch + release.Deployment.HealthCheck.Retries * (release.Deployment.HealthCheck.Interval + release.Deployment.HealthCheck.Timeout) + plan.ActivateMargin;

    /// <summary>Sends the switched nodes back, in parallel. Those that could not.</summary>
    private async Task<IReadOnlyList<string>> RevertAsync(IReadOnlyList<string> switched, string? lost, Failure failure)
    {
        var stuck = new List<string>();
        var reason = $"Deployment {context.InstanceId} failed on another node: {failure.Message}";
        var backs = switched.Select(async node =>
        {
            var result = await commands.RollBackAsync(node, null, context.InstanceId, reason);
            var isBack = result.Outcome == CommandOutcome.Succeeded;
            if (!isBack)
            {
                stuck.Add(node);
            }

            await commands.RecordAsync(commands.Record(node, isBack ? NodeStatus.RolledBack : NodeStatus.Failed) with { Failure = result.Failure, Release = result.Serving });
        }).ToList();
        if (lost is not null)
        {
            await commands.SendRollBackAsync(lost, context.InstanceId, reason);
        }

        await Task.WhenAll(backs);
        return stuck;
    }

    private Task RecordAsync(string node, CommandResult result)
    {
        var status = result.Outcome switch
        {
            CommandOutcome.Succeeded => NodeStatus.Succeeded,
            CommandOutcome.RolledBack => NodeStatus.RolledBack,
            CommandOutcome.Canceled => NodeStatus.Canceled,
            _ => result.Failure?.Kind == FailureKind.Lost ? NodeStatus.Lost : NodeStatus.Failed,
        };
        return commands.RecordAsync(commands.Record(node, status) with
        {
            Failure = result.Failure,
            Release = result.Serving,
            KeepReleases = result.Outcome == CommandOutcome.Succeeded ? built[node].Deployment.KeepReleases : null,
        });
    }
}

/// <summary>How activating ended.</summary>
/// <param name="FailedNode">The node that failed; null when all serve the new release.</param>
/// <param name="Failure">Why.</param>
/// <param name="WasServing">The failed node had switched, and went back by itself.</param>
/// <param name="Reverted">Other nodes that were switched and are back.</param>
/// <param name="Stuck">Nodes that should be back and are not.</param>
internal sealed record ActivateOutcome(string? FailedNode, Failure? Failure, bool WasServing, IReadOnlyList<string> Reverted, IReadOnlyList<string> Stuck);
