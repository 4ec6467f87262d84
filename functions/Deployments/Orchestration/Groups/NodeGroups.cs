using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;

namespace VpsPilot.Functions.Deployments.Orchestration.Groups;

/// <summary>Gives an order to any number of nodes, in groups that work side by side; a stop, and the failure of one, reaches all of them.</summary>
internal sealed class NodeGroups(TaskOrchestrationContext context, Task<StopRequest> stop)
{
    /// <summary>Nodes of one group: its history stays at a few hundred entries.</summary>
    public const int MaxNodes = 50;

    private int started;

    /// <summary>The report on all nodes of the order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="mayStop">Whether a wish to stop reaches the nodes; not for what has to be put back.</param>
    public async Task<GroupReport> RunAsync(GroupOrder order, bool mayStop = true)
    {
        var groups = Split(order).Select(o => (Id: CommandIds.GroupOf(context.InstanceId, started++), Order: o)).Select(g => (g.Id, Work: RunAsync(g.Id, g.Order))).ToList();
        var isToStop = false;
        while (groups.Exists(g => !g.Work.IsCompleted))
        {
            var open = groups.Where(g => !g.Work.IsCompleted).Select(g => (Task)g.Work);
            await Task.WhenAny(mayStop && !isToStop ? open.Append(stop) : open);
            var failed = !order.GoesOn && groups.Exists(g => g.Work is { IsCompleted: true, Result.Failures.Count: > 0 });
            if (!isToStop && (failed || (mayStop && stop.IsCompleted)))
            {
                isToStop = true;
                foreach (var group in groups.Where(g => !g.Work.IsCompleted))
                {
                    context.SendEvent(group.Id, Turn.StopEvent, new StopRequest(StopKind.Canceled, context.InstanceId));
                }
            }
        }

        return GroupReport.Merge([.. groups.Select(g => g.Work.Result)]);
    }

    private static IEnumerable<GroupOrder> Split(GroupOrder order)
    {
        var groups = order.Nodes.Chunk(MaxNodes).Select(nodes => order with { Nodes = nodes, LeftFor = [] });
        return order.LeftFor.Count == 0 ? groups : groups.Append(order with { Nodes = [] });
    }

    private async Task<GroupReport> RunAsync(string id, GroupOrder order)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<GroupReport>(nameof(NodeGroupOrchestrator), order, new TaskOptions().WithInstanceId(id));
        }
        catch (TaskFailedException e)
        {
            // Nobody knows what its nodes did: they count as lost, which is also how they are put back.
            return new() { Failures = [.. order.Nodes.Select(n => new NodeFailure(n, CommandOutcome.Failed, new Failure(order.Kind, FailureKind.Lost, e.FailureDetails.ErrorMessage)))] };
        }
    }
}
