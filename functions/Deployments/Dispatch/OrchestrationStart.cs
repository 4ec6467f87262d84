using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Deployments.Orchestration;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>Starts the orchestration of a deployment.</summary>
internal static class OrchestrationStart
{
    /// <summary>Returns when the start is durable; one that was started before, by whomever, is left as it is.</summary>
    public static async Task StartAsync(DurableTaskClient client, Deployment deployment, CancellationToken ct)
    {
        var name = deployment.Trigger == DeploymentTrigger.Rollback ? nameof(RollBackOrchestrator) : nameof(DeployOrchestrator);

        // An instance in a status that is not named here would be replaced, running or not.
        var options = new StartOrchestrationOptions(deployment.Id).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(name, input: null, options, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // Hosts say "it exists" with exceptions of different types. Another call that came with the same id may have been faster.
            if (await client.GetInstanceAsync(deployment.Id, ct) is null)
            {
                throw;
            }
        }
    }
}
