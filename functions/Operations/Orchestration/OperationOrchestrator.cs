using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Orchestration;

namespace VpsPilot.Functions.Operations.Orchestration;

/// <summary>What the orchestration needs to know of its operation; taken once, so that a replay sees the same.</summary>
internal sealed record OperationPlan
{
    public required string CommandKind { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>How long a node may take to answer.</summary>
    public required TimeSpan Limit { get; init; }
}

/// <summary>A node of an operation: the input of <see cref="SendOperationActivity"/>.</summary>
internal sealed record OperationTarget(string OperationId, string NodeId);

/// <summary>What a node answered: the input of <see cref="RecordOperationActivity"/>.</summary>
internal sealed record OperationAnswer(string OperationId, OperationNode Node);

/// <summary>One operation: the command to each node at once, and each node's answer, if need be that it is lost.</summary>
internal static class OperationOrchestrator
{
    [Function(nameof(OperationOrchestrator))]
    public static async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var plan = await context.CallActivityAsync<OperationPlan>(nameof(PlanOperationActivity), context.InstanceId, Retries.Storage);
        await Task.WhenAll(plan.Nodes.Select(async node =>
        {
            var result = await AskAsync(context, plan, node);
            await context.CallActivityAsync(nameof(RecordOperationActivity), new OperationAnswer(context.InstanceId, OperationNode.Of(node, result)), Retries.Storage);
        }));
        return await context.CallActivityAsync<string>(nameof(FinishOperationActivity), context.InstanceId, Retries.Storage);
    }

    private static async Task<CommandResult> AskAsync(TaskOrchestrationContext context, OperationPlan plan, string node)
    {
        var result = context.WaitForExternalEvent<CommandResult>(CommandIds.ResultEvent(OperationCommands.IdOf(context.InstanceId, plan.CommandKind, node)));
        try
        {
            await context.CallActivityAsync(nameof(SendOperationActivity), new OperationTarget(context.InstanceId, node), Retries.Sending);
        }
        catch (TaskFailedException e)
        {
            return Failed(plan, FailureKind.Internal, $"The command could not be sent to node {node}: {e.FailureDetails.ErrorMessage}", null);
        }

        using var over = new CancellationTokenSource();
        var limit = context.CreateTimer(context.CurrentUtcDateTime + plan.Limit, over.Token);
        await Task.WhenAny(result, limit);
        if (!result.IsCompleted)
        {
            return Failed(plan, FailureKind.Lost, $"Node {node} did not answer in time.", "Is the node online? On the node: systemctl status vpspilot-agent.");
        }

        Timers.Off(over);
        return await result;
    }

    private static CommandResult Failed(OperationPlan plan, FailureKind kind, string message, string? hint) =>
        new() { Outcome = CommandOutcome.Failed, Failure = new Failure(plan.CommandKind, kind, message) { Hint = hint } };
}
