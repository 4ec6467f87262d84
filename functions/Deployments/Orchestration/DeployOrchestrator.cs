using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Deployments.Activities;
using VpsPilot.Functions.Deployments.Orchestration.Groups;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>One deployment: wait for the lane, build everywhere, switch the nodes as the rollout says, and put back what was switched when something fails.</summary>
internal static class DeployOrchestrator
{
    [Function(nameof(DeployOrchestrator))]
    public static async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var stop = context.WaitForExternalEvent<StopRequest>(Turn.StopEvent);
        DeploymentEnd end;
        try
        {
            var wait = await Turn.TakeAsync(context, stop);
            if (wait.GoesOnAnew)
            {
                return "It waits for its turn.";
            }

            end = wait.Stop is { } stopped ? Endings.Stopped(context.InstanceId, stopped) : await DeployAsync(context, stop);
        }
        catch (TaskFailedException e)
        {
            end = Endings.Internal(context.InstanceId, e);
        }

        await context.CallActivityAsync<StopRequest?>(nameof(FinishDeploymentActivity), end, Retries.Storage);
        await Turn.LeaveAsync(context);
        return end.Summary;
    }

    private static async Task<DeploymentEnd> DeployAsync(TaskOrchestrationContext context, Task<StopRequest> stop)
    {
        var plan = await context.CallActivityAsync<DeploymentPlan>(nameof(PlanDeploymentActivity), context.InstanceId, Retries.Storage);
        if (plan.Failure is not null)
        {
            return Endings.Failed(context.InstanceId, plan.Failure, null, plan.Nodes.Count);
        }

        var groups = new NodeGroups(context, stop);
        var build = await new BuildPhase(context, plan, groups).RunAsync();
        if (stop.IsCompleted)
        {
            return Endings.Stopped(context.InstanceId, await stop);
        }

        if (build.Mistake is { } mistake)
        {
            return Endings.Failed(context.InstanceId, mistake.Failure, mistake.NodeId, plan.Nodes.Count);
        }

        if (build.Built is not { } built)
        {
            return Endings.Failed(context.InstanceId, new Failure("build", FailureKind.Lost, "No node could be reached."), null, plan.Nodes.Count);
        }

        if (await context.CallActivityAsync<StopRequest?>(nameof(BeginActivationActivity), context.InstanceId, Retries.Storage) is { } late)
        {
            return Endings.Stopped(context.InstanceId, late);
        }

        var config = RolloutOverrides.Apply(plan.Overrides, built.Deployment);
        var nodes = plan.Nodes.Except(build.Excluded, StringComparer.Ordinal).ToList();
        return await ActivateAsync(context, new RolloutPhase(context, plan, groups, config, nodes, stop), Endings.Serves(context.InstanceId, built.Commit, nodes.Count, build.Excluded), nodes.Count);
    }

    private static async Task<DeploymentEnd> ActivateAsync(TaskOrchestrationContext context, RolloutPhase rollout, DeploymentEnd success, int nodes)
    {
        RolloutStop? stopped;
        try
        {
            stopped = await rollout.RunAsync();
        }
        catch (TaskFailedException e)
        {
            stopped = new(Endings.Internal(context.InstanceId, e).Failure!);
        }

        if (stopped is null)
        {
            // A cancel may have come until this very moment; whichever was written first counts.
            if (await context.CallActivityAsync<StopRequest?>(nameof(FinishDeploymentActivity), success, Retries.Storage) is not { } late)
            {
                return success;
            }

            stopped = new(late);
        }

        var reason = stopped.Stop is { } stop ? $"Deployment {context.InstanceId} was canceled by {stop.By}." : $"Deployment {context.InstanceId} failed: {stopped.Failed!.Failure.Message}";
        return Endings.NotActivated(context.InstanceId, stopped, await rollout.RevertAsync(reason), nodes);
    }
}
