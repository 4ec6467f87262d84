using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Activities;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>Commands to nodes and their results, as an orchestration sees them. Every command ends in a result, if need be that the node is lost.</summary>
internal sealed class NodeCommands(TaskOrchestrationContext context, DeploymentPlan plan)
{
    public async Task<CommandResult> BuildAsync(string nodeId, string? commit, Task giveUp)
    {
        var result = await RunAsync(nameof(SendBuildActivity), CommandIds.Build, Command(CommandIds.Build, nodeId, plan.BuildTimeout) with { Commit = commit }, giveUp);
        return result is { Outcome: CommandOutcome.Succeeded, Built: null }
            ? Failed(CommandIds.Build, FailureKind.Internal, $"Node {nodeId} said that it built, but not what.")
            : result;
    }

    public async Task<CommandResult> ActivateAsync(string nodeId, TimeSpan limit)
    {
        using var over = new CancellationTokenSource();
        var result = await RunAsync(nameof(SendActivateActivity), CommandIds.Activate, Command(CommandIds.Activate, nodeId, limit), After(limit, over.Token));
        Timers.Off(over);
        return result;
    }

    public async Task<CommandResult> RollBackAsync(string nodeId, RollBackTarget? to, string? ifServing, string reason)
    {
        using var over = new CancellationTokenSource();
        var command = Command(CommandIds.RollBack, nodeId, TimeSpan.FromDays(1)) with { RollBackTo = to, IfServing = ifServing, Reason = reason };
        var result = await RunAsync(nameof(SendRollBackActivity), CommandIds.RollBack, command, After(plan.ActivateMargin, over.Token));
        Timers.Off(over);
        return result;
    }

    /// <summary>Leaves the order to go back for a node that does not answer now; nobody waits for it.</summary>
    public async Task SendRollBackAsync(string nodeId, string ifServing, string reason)
    {
        try
        {
            var command = Command(CommandIds.RollBack, nodeId, TimeSpan.FromDays(1)) with { IfServing = ifServing, Reason = reason };
            await context.CallActivityAsync(nameof(SendRollBackActivity), command, Retries.Sending);
        }
        catch (TaskFailedException)
        {
            // The heartbeat of the node will show what it serves.
        }
    }

    /// <summary>Asks a node to stop what it does for this deployment. The command that is stopped answers for itself.</summary>
    public async Task CancelAsync(string nodeId)
    {
        try
        {
            await context.CallActivityAsync(nameof(SendCancelActivity), Command(CommandIds.Cancel, nodeId, TimeSpan.FromHours(1)), Retries.Sending);
        }
        catch (TaskFailedException)
        {
            // The node cannot be reached; its commands expire by themselves, and nobody waits for longer than the grace.
        }
    }

    /// <summary>A timer that many commands may share.</summary>
    public Task After(TimeSpan delay, CancellationToken ct) => context.CreateTimer(context.CurrentUtcDateTime + delay, ct);

    public Task RecordAsync(NodeRecord record) => context.CallActivityAsync(nameof(RecordNodeActivity), record, Retries.Storage);

    public NodeRecord Record(string nodeId, NodeStatus status) =>
        new() { DeploymentId = context.InstanceId, ProjectId = plan.ProjectId, NodeId = nodeId, Status = status };

    private SendCommand Command(string kind, string nodeId, TimeSpan validFor) => new()
    {
        CommandId = CommandIds.Of(context.InstanceId, kind, nodeId),
        DeploymentId = context.InstanceId,
        NodeId = nodeId,
        ProjectId = plan.ProjectId,
        ValidFor = validFor,
    };

    private async Task<CommandResult> RunAsync(TaskName activity, string kind, SendCommand command, Task giveUp)
    {
        var result = context.WaitForExternalEvent<CommandResult>(CommandIds.ResultEvent(command.CommandId));
        try
        {
            await context.CallActivityAsync(activity, command, Retries.Sending);
        }
        catch (TaskFailedException e)
        {
            return Failed(kind, FailureKind.Internal, $"The command could not be sent to node {command.NodeId}: {e.FailureDetails.ErrorMessage}");
        }

        await Task.WhenAny(result, giveUp);
        return result.IsCompleted ? await result : Failed(kind, FailureKind.Lost, $"Node {command.NodeId} did not answer in time.");
    }

    private static CommandResult Failed(string kind, FailureKind failure, string message) => new()
    {
        Outcome = CommandOutcome.Failed,
        Failure = new Failure(kind, failure, message)
        {
            Hint = failure == FailureKind.Lost ? "Is the node online? On the node: systemctl status vpspilot-agent." : null,
        },
    };
}
