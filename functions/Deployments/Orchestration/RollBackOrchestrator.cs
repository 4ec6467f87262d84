using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Activities;

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
            end = await Turn.TakeAsync(context, stop) is { } stopped ? Endings.Stopped(context.InstanceId, stopped) : await RollBackAsync(context);
        }
        catch (TaskFailedException e)
        {
            end = Endings.Internal(context.InstanceId, e);
        }

        await context.CallActivityAsync(nameof(FinishDeploymentActivity), end, Retries.Storage);
        await Turn.LeaveAsync(context);
        return end.Summary;
    }

    private static async Task<DeploymentEnd> RollBackAsync(TaskOrchestrationContext context)
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

        var commands = new NodeCommands(context, plan);
        var results = await Task.WhenAll(plan.Nodes.Select(async node =>
        {
            var result = await commands.RollBackAsync(node, plan.RollBackTo, null, plan.Reason ?? "A rollback was asked for.");
            var isDone = result.Outcome == CommandOutcome.Succeeded;
            await commands.RecordAsync(commands.Record(node, isDone ? NodeStatus.Succeeded : result.Failure?.Kind == FailureKind.Lost ? NodeStatus.Lost : NodeStatus.Failed) with
            {
                Failure = result.Failure,
                Release = result.Serving,
                Commit = isDone ? result.Serving?.Commit : null,
            });
            return (Node: node, Result: result);
        }));

        var failed = results.FirstOrDefault(r => r.Result.Outcome != CommandOutcome.Succeeded);
        return failed.Node is not null
            ? Endings.DidNotGoBack(context.InstanceId, failed.Result.Failure ?? new Failure("roll-back", FailureKind.Internal, "The node gave no reason."), failed.Node, plan.Nodes.Count)
            : Endings.WentBack(context.InstanceId, results[0].Result.Serving, plan.Nodes.Count);
    }
}
