using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Deployments.Lanes;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>Asks for the project's lane.</summary>
internal sealed class EnterLaneActivity(DeploymentStore deployments, LaneStore lanes, DeploymentReaper reaper)
{
    [Function(nameof(EnterLaneActivity))]
    public async Task<LaneAnswer> Run([ActivityTrigger] string deploymentId, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        var deployment = await deployments.GetAsync(deploymentId, ct) ?? throw new InvalidOperationException($"There is no deployment {deploymentId}.");
        return await lanes.EnterAsync(deployment, id => IsGoneAsync(client, id, ct), ct);
    }

    /// <summary>True for an orchestration that was ended from outside, without a word; its deployment then gets a definite end.</summary>
    private async Task<bool> IsGoneAsync(DurableTaskClient client, string id, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, ct) is { IsCompleted: false })
        {
            return false;
        }

        return await reaper.ReapAsync(id, ct);
    }
}

/// <summary>Leaves the project's lane; answers who has it now.</summary>
internal sealed class LeaveLaneActivity(DeploymentStore deployments, LaneStore lanes)
{
    [Function(nameof(LeaveLaneActivity))]
    public async Task<string?> Run([ActivityTrigger] string deploymentId, CancellationToken ct)
    {
        var deployment = await deployments.GetAsync(deploymentId, ct) ?? throw new InvalidOperationException($"There is no deployment {deploymentId}.");
        return await lanes.LeaveAsync(deployment.ProjectId, deploymentId, ct);
    }
}
