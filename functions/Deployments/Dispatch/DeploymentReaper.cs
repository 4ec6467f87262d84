using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Deployments.Trees;
using VpsPilot.Functions.Hosting;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>
/// Gives a definite end to deployments whose orchestration is gone: ended from outside, or failed by a fault. Orchestrations that live have
/// limits of their own for everything they wait for. The nodes are told to stop, and to go back if the release serves already.
/// </summary>
internal sealed class DeploymentReaper(DeploymentStore deployments, OpenDeployments open, DeferredStore deferred, LaneStore lanes, SharedTreeStore trees, CommandSender sender, TimeProvider time, ILogger<DeploymentReaper> logger)
{
    /// <summary>A start that is still under way needs no help.</summary>
    private static readonly TimeSpan LeaveAlone = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan OrdersHold = TimeSpan.FromDays(1);

    /// <summary>Looks at every deployment that has not ended.</summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken ct)
    {
        // What is deferred has no orchestration yet; the dispatcher takes it up.
        var waiting = (await deferred.ListAsync(DateTimeOffset.MaxValue, ct)).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in (await open.ListAsync(ct)).Where(id => !waiting.Contains(id)))
        {
            if (await deployments.GetAsync(id, ct) is not { } deployment || deployment.Status.IsFinal())
            {
                await open.RemoveAsync(id, ct);
            }
            else if (time.GetUtcNow() - deployment.CreatedAt > LeaveAlone && await client.GetInstanceAsync(id, ct) is not { IsCompleted: false }
                && await ReapAsync(id, ct) && await lanes.LeaveAsync(deployment.ProjectId, id, ct) is { } next)
            {
                await client.RaiseIfRunningAsync(next, Turn.TurnEvent, id, ct);
            }
        }
    }

    /// <summary>Ends a deployment whose orchestration is no more.</summary>
    /// <returns>False when the queues could not be reached: then it has not ended yet, and has to be reaped again.</returns>
    public async Task<bool> ReapAsync(string id, CancellationToken ct)
    {
        if (await deployments.GetAsync(id, ct) is { } deployment && !deployment.Status.IsFinal())
        {
            // The nodes first: after a stop in between they are told again, by the same ids.
            var isTold = true;
            foreach (var node in await deployments.NodesAsync(id, ct))
            {
                isTold &= await StopAsync(deployment, node, ct);
            }

            if (!isTold)
            {
                return false;
            }

            var failure = new Failure("deployment", FailureKind.Internal, "The orchestration of this deployment ended before it was done.");
            await deployments.UpdateAsync(
                id, d => d.Status.IsFinal() ? null : d.End(new() { DeploymentId = id, Status = DeploymentStatus.Failed, Failure = failure, Summary = failure.Message, IsMixed = true }, time.GetUtcNow()), ct);
            logger.DeploymentReaped(id, deployment.ProjectId);
        }

        await trees.DeleteAsync(id, ct);
        await open.RemoveAsync(id, ct);
        return true;
    }

    /// <summary>False when the node could not be told for now.</summary>
    private async Task<bool> StopAsync(Deployment deployment, DeploymentNode node, CancellationToken ct)
    {
        try
        {
            // A rollback that was under way is left to its node: there is nothing better to go to.
            if (deployment.Trigger != DeploymentTrigger.Rollback)
            {
                await TellAsync(deployment, node, ct);
            }
        }
        catch (QueueException e)
        {
            logger.ReapedNodeNotTold(node.NodeId, deployment.Id, e.Message);
            if (e.Error == QueueError.Unreachable)
            {
                return false;
            }
        }

        await deployments.UpdateNodeAsync(
            deployment.Id, node.NodeId, current => current is { Status: NodeStatus.Pending or NodeStatus.Building or NodeStatus.Activating } ? current with { Status = NodeStatus.Lost } : null, ct);
        return true;
    }

    private async Task TellAsync(Deployment deployment, DeploymentNode node, CancellationToken ct)
    {
        var group = CommandIds.GroupOf(deployment.Id, int.MaxValue);
        await sender.SendAsync(Address(CommandIds.Cancel), new CancelCommand { TargetDeploymentId = deployment.Id }, OrdersHold, ct);
        await sender.SendAsync(Address(CommandIds.RollBack), new RollBackCommand { IfServing = deployment.Id, Reason = "The deployment ended before it was done." }, OrdersHold, ct);

        CommandAddress Address(string kind) => new(CommandIds.Of(group, kind, node.NodeId), node.NodeId, deployment.ProjectId, deployment.Id);
    }
}
