using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace VpsPilot.Functions.Deployments.Orchestration.Groups;

/// <summary>
/// One command to a group of nodes, in parallel. A deployment to many nodes is made of such groups, since a history that holds thousands of
/// nodes would be read again for every answer of every one of them.
/// </summary>
internal static class NodeGroupOrchestrator
{
    [Function(nameof(NodeGroupOrchestrator))]
    public static Task<GroupReport> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new NodeGroup(context, context.GetInput<GroupOrder>() ?? throw new InvalidOperationException("A group needs an order.")).RunAsync();
}
