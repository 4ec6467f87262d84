using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Trees;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Schedules;

/// <summary>Deletes the histories and logs of deployments that ended long ago. What became of them stays in their rows.</summary>
internal sealed class Retention(ILogStore logs, SharedTreeStore trees, ControlPlaneOptions options, TimeProvider time, ILogger<Retention> logger)
{
    /// <summary>Bounds one run; the next one goes on.</summary>
    private const int MostAtOnce = 2_000;

    /// <summary>How many were deleted.</summary>
    public async Task<int> RunAsync(DurableTaskClient client, CancellationToken ct)
    {
        var end = time.GetUtcNow() - options.RetainFinished;
        var old = new List<string>();
        var query = new OrchestrationQuery
        {
            CreatedTo = end,
            Statuses = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated],
            PageSize = 200,
        };
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(ct))
        {
            if (instance.LastUpdatedAt <= end)
            {
                old.Add(instance.InstanceId);
            }

            if (old.Count == MostAtOnce)
            {
                break;
            }
        }

        foreach (var id in old)
        {
            // The log first: the history is how we find it again after a stop.
            if (DeploymentIds.IsValid(id))
            {
                await logs.DeleteAsync(id, ct);
                await trees.DeleteAsync(id, ct);
            }

            await client.PurgeInstanceAsync(id, ct);
        }

        if (old.Count > 0)
        {
            logger.Purged(old.Count, options.RetainFinished);
        }

        return old.Count;
    }
}
