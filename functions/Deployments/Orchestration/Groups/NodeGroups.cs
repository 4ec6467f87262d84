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
    public async Task<GroupReport> RunAsync(GroupOrder order, bool mayStop = true) => (await RunAsync([order], mayStop))[0];

    /// <summary>The reports on several orders that are carried out at the same time, one for each; what fails in one stops all.</summary>
    public async Task<IReadOnlyList<GroupReport>> RunAsync(IReadOnlyList<GroupOrder> orders, bool mayStop = true)
    {
        var groups = orders.SelectMany((order, of) => Split(order).Select(o => (Of: of, Id: CommandIds.GroupOf(context.InstanceId, started++), Order: o)))
            .Select(g => (g.Of, g.Id, g.Order, Work: RunAsync(g.Id, g.Order))).ToList();
        var isToStop = false;
        while (groups.Exists(g => !g.Work.IsCompleted))
        {
            var open = groups.Where(g => !g.Work.IsCompleted).Select(g => (Task)g.Work);
            await Task.WhenAny(mayStop && !isToStop ? open.Append(stop) : open);
            var failed = groups.Exists(g => !g.Order.GoesOn && g.Work is { IsCompleted: true, Result.Failures.Count: > 0 });
            if (!isToStop && (failed || (mayStop && stop.IsCompleted)))
            {
                isToStop = true;
                foreach (var group in groups.Where(g => !g.Work.IsCompleted))
                {
                    context.SendEvent(group.Id, Turn.StopEvent, new StopRequest(StopKind.Canceled, context.InstanceId));
                }
            }
        }

        return [.. orders.Select((_, of) => GroupReport.Merge([.. groups.Where(g => g.Of == of).Select(g => g.Work.Result)]))];
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
