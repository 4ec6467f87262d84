using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Activities;
using VpsPilot.Functions.Deployments.Orchestration.Groups;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>A rollback that a person asked for: wait for the lane, then send every node back, in parallel.</summary>
internal static class RollBackOrchestrator
{
    [Function(nameof(RollBackOrchestrator))]
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

            end = wait.Stop is { } stopped ? Endings.Stopped(context.InstanceId, stopped) : await RollBackAsync(context, stop);
        }
        catch (TaskFailedException e)
        {
            end = Endings.Internal(context.InstanceId, e);
        }

        await context.CallActivityAsync<StopRequest?>(nameof(FinishDeploymentActivity), end, Retries.Storage);
        await Turn.LeaveAsync(context);
        return end.Summary;
    }

    private static async Task<DeploymentEnd> RollBackAsync(TaskOrchestrationContext context, Task<StopRequest> stop)
    {
        var plan = await context.CallActivityAsync<DeploymentPlan>(nameof(PlanDeploymentActivity), context.InstanceId, Retries.Storage);
        if (plan.Failure is not null)
        {
            return Endings.Failed(context.InstanceId, plan.Failure, null, plan.Nodes.Count);
        }

        if (await context.CallActivityAsync<StopRequest?>(nameof(BeginActivationActivity), context.InstanceId, Retries.Storage) is { } stopped)
        {
            return Endings.Stopped(context.InstanceId, stopped);
        }

        var groups = new NodeGroups(context, stop);
        var order = Order(context, plan);
        var report = await groups.RunAsync(order);
        if (stop.IsCompleted)
        {
            return Endings.RollBackCanceled(context.InstanceId, await stop, await ForwardAsync(groups, plan, order, report.Done));
        }

        if (report.Mistake is { } mistake)
        {
            return Endings.DidNotGoBack(context.InstanceId, mistake.Failure, mistake.NodeId, plan.Nodes.Count);
        }

        var success = Endings.WentBack(context.InstanceId, report.Serving, plan.Nodes.Count);
        return await context.CallActivityAsync<StopRequest?>(nameof(FinishDeploymentActivity), success, Retries.Storage) is { } late
            ? Endings.RollBackCanceled(context.InstanceId, late, await ForwardAsync(groups, plan, order, report.Done))
            : success;
    }

    /// <summary>Sends nodes to what they served before the rollback that was canceled. Those that could not.</summary>
    private static async Task<IReadOnlyList<string>> ForwardAsync(NodeGroups groups, DeploymentPlan plan, GroupOrder order, IReadOnlyList<string> nodes)
    {
        List<string> stuck = [.. nodes.Where(n => !plan.Serving.ContainsKey(n))];
        foreach (var release in nodes.Where(plan.Serving.ContainsKey).GroupBy(n => plan.Serving[n], StringComparer.Ordinal))
        {
            var forward = order with { Nodes = [.. release], RollBackTo = new(null, release.Key), DoneAs = NodeStatus.Canceled, Reason = "The rollback was canceled." };
            stuck.AddRange((await groups.RunAsync(forward, mayStop: false)).Failures.Select(f => f.NodeId));
        }

        return stuck;
    }

    private static GroupOrder Order(TaskOrchestrationContext context, DeploymentPlan plan) => new()
    {
        DeploymentId = context.InstanceId,
        ProjectId = plan.ProjectId,
        Kind = CommandIds.RollBack,
        Nodes = plan.Nodes,
        Limit = plan.ActivateMargin,
        StopGrace = plan.ActivateMargin,
        DoneAs = NodeStatus.Succeeded,
        GoesOn = true,
        RollBackTo = plan.RollBackTo,
        Reason = plan.Reason ?? "A rollback was asked for.",
    };
}
