using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Functions.Deployments.Activities;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>One deployment: wait for the lane, build everywhere, activate node by node, and put back what was switched when something fails.</summary>
internal static class DeployOrchestrator
{
    [Function(nameof(DeployOrchestrator))]
    public static async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var stop = context.WaitForExternalEvent<StopRequest>(Turn.StopEvent);
        DeploymentEnd end;
        try
        {
            end = await Turn.TakeAsync(context, stop) is { } stopped ? Endings.Stopped(context.InstanceId, stopped) : await DeployAsync(context, stop);
        }
        catch (TaskFailedException e)
        {
            end = Endings.Internal(context.InstanceId, e);
        }

        await context.CallActivityAsync(nameof(FinishDeploymentActivity), end, Retries.Storage);
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

        var commands = new NodeCommands(context, plan);
        var build = await new BuildPhase(plan, commands).RunAsync(stop);
        if (build.Stop is not null)
        {
            return Endings.Stopped(context.InstanceId, build.Stop);
        }

        if (build.FailedNode is not null)
        {
            return Endings.Failed(context.InstanceId, build.Failure ?? new Failure("build", FailureKind.Internal, "The node gave no reason."), build.FailedNode, plan.Nodes.Count);
        }

        var late = await context.CallActivityAsync<StopRequest?>(nameof(BeginActivationActivity), context.InstanceId, Retries.Storage);
        return late is not null
            ? Endings.Stopped(context.InstanceId, late)
            : Endings.Activated(context.InstanceId, await new ActivatePhase(context, plan, commands, build.Built).RunAsync(), build.Built, plan.Nodes.Count);
    }
}
