using System.Diagnostics;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>Starts the orchestration of a deployment.</summary>
internal static class OrchestrationStart
{
    private static readonly ActivitySource Source = new(Telemetry.Source);

    /// <summary>Returns when the start is durable; one that was started before, by whomever, is left as it is.</summary>
    public static async Task StartAsync(DurableTaskClient client, Deployment deployment, CancellationToken ct)
    {
        var name = deployment.Trigger == DeploymentTrigger.Rollback ? nameof(RollBackOrchestrator) : nameof(DeployOrchestrator);

        // An instance in a status that is not named here would be replaced, running or not.
        var options = new StartOrchestrationOptions(deployment.Id).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        using var trace = InTraceOf(deployment);
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

    /// <summary>One that was put off is started by another request, or by a timer, and belongs into the trace of its own all the same.</summary>
    private static Activity? InTraceOf(Deployment deployment)
    {
        if (deployment.TraceParent is not { } parent || Activity.Current?.Id == parent)
        {
            return null;
        }

        const string name = "start of a deployment that was put off";
        return Source.StartActivity(name, ActivityKind.Internal, parent) ?? new Activity(name).SetParentId(parent).Start();
    }
}
