using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Deployments.Trees;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>
/// From here on a newer deployment waits for the end of this one. Answers the wish to stop when there was one before.
/// </summary>
internal sealed class BeginActivationActivity(DeploymentStore deployments)
{
    [Function(nameof(BeginActivationActivity))]
    public async Task<StopRequest?> Run([ActivityTrigger] string deploymentId, CancellationToken ct) =>
        (await deployments.UpdateAsync(deploymentId, d => d.Stop is not null || d.Status == DeploymentStatus.Activating ? null : d with { Status = DeploymentStatus.Activating }, ct)).Stop;
}

/// <summary>Writes down what became of one node. Only the orchestration writes this, so it is right whatever order events come in.</summary>
internal sealed class RecordNodeActivity(DeploymentStore deployments, ReleaseStore releases)
{
    [Function(nameof(RecordNodeActivity))]
    public async Task Run([ActivityTrigger] NodeRecord record, CancellationToken ct)
    {
        await deployments.UpdateNodeAsync(record.DeploymentId, record.NodeId, current => new DeploymentNode
        {
            NodeId = record.NodeId,
            Status = record.Status,
            Failure = record.Failure ?? current?.Failure,
            Release = record.Release ?? current?.Release,
        }, ct);
        await deployments.UpdateAsync(record.DeploymentId, d => d with
        {
            Commit = d.Commit ?? record.Commit,
            Subject = d.Subject ?? record.Subject,
            Config = d.Config ?? record.Config,
            Status = record.Status == NodeStatus.Activating && d.Status == DeploymentStatus.Watching ? DeploymentStatus.Activating : d.Status,
        } is var changed && changed == d ? null : changed, ct);
        if (record is { KeepReleases: { } keep, Release: { } serving })
        {
            await releases.RecordAsync(record.ProjectId, record.NodeId, serving, keep, ct);
        }
    }
}

/// <summary>
/// Writes down how the deployment ended. A success is not written when somebody has canceled it: then the answer is that wish, and the
/// orchestration puts everything back.
/// </summary>
internal sealed class FinishDeploymentActivity(DeploymentStore deployments, OpenDeployments open, SharedTreeStore trees, TimeProvider time)
{
    [Function(nameof(FinishDeploymentActivity))]
    public async Task<StopRequest?> Run([ActivityTrigger] DeploymentEnd end, CancellationToken ct)
    {
        var deployment = await deployments.UpdateAsync(end.DeploymentId, d => d.Status.IsFinal() || IsRevoked(d, end) ? null : d.End(end, time.GetUtcNow()), ct);
        if (!deployment.Status.IsFinal())
        {
            return deployment.Stop;
        }

        await Parallel.ForEachAsync(await deployments.NodesAsync(end.DeploymentId, ct), ct, async (node, each) =>
            await deployments.UpdateNodeAsync(end.DeploymentId, node.NodeId, current => AtEnd(current!, deployment.Status), each));
        await trees.DeleteAsync(deployment.Id, ct);
        await open.RemoveAsync(deployment.Id, ct);
        return null;
    }

    private static bool IsRevoked(Deployment deployment, DeploymentEnd end) => end.Status == DeploymentStatus.Succeeded && deployment.Stop is not null;

    /// <summary>A node that had not answered, or was not even reached, when another one ended the deployment.</summary>
    private static DeploymentNode? AtEnd(DeploymentNode node, DeploymentStatus status) =>
        status != DeploymentStatus.Succeeded && node.Status is NodeStatus.Pending or NodeStatus.Building ? node with { Status = NodeStatus.Canceled } : null;
}
