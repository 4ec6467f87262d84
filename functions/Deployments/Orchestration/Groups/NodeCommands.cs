using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Activities;

namespace VpsPilot.Functions.Deployments.Orchestration.Groups;

/// <summary>Commands of one group to its nodes, and their results.</summary>
internal sealed class NodeCommands(TaskOrchestrationContext context, GroupOrder order)
{
    /// <summary>Sends the group's command. Null when it is on its way; otherwise why it is not.</summary>
    public async Task<CommandResult?> SendAsync(string nodeId)
    {
        try
        {
            await context.CallActivityAsync(Sending(order.Kind), Command(order.Kind, nodeId, ValidFor), Retries.Sending);
            return null;
        }
        catch (TaskFailedException e)
        {
            return Failed(FailureKind.Internal, $"The command could not be sent to node {nodeId}: {e.FailureDetails.ErrorMessage}");
        }
    }

    /// <summary>The answer to the group's command, or what is put in its place when it is given up.</summary>
    public async Task<CommandResult> AnswerAsync(string nodeId, Task<GivenUp> giveUp)
    {
        var result = context.WaitForExternalEvent<CommandResult>(CommandIds.ResultEvent(CommandIds.Of(context.InstanceId, order.Kind, nodeId)));
        await Task.WhenAny(result, giveUp);
        if (!result.IsCompleted)
        {
            return Failed(FailureKind.Lost, (await giveUp).Message);
        }

        var answer = await result;
        return order.Kind == CommandIds.Build && answer.Outcome == CommandOutcome.Succeeded ? Checked(nodeId, answer) : answer;
    }

    /// <summary>What a node says it built, if that is what it was asked for.</summary>
    private CommandResult Checked(string nodeId, CommandResult answer) => answer.Built switch
    {
        null => Failed(FailureKind.Internal, $"Node {nodeId} said that it built, but not what."),
        { Tree: var tree } when order.ShareTree && (tree is null || tree.NodeId != nodeId || !SharedTree.IsHash(tree.Sha256)) =>
            Failed(FailureKind.Rejected, $"Node {nodeId} built, but its agent did not hand over what it compiled.", "Update the agents of the project's nodes, or set the project's buildOnce to false."),
        { StorePath: var path } when order.StorePath is { } wanted && path != wanted =>
            Failed(FailureKind.Rejected, $"Node {nodeId} sealed {path}, and node {order.Tree?.NodeId} {wanted}: they would not run the same.",
                "The nodes need the same version of the agent, and the same root and overrideInputs in /etc/vpspilot/agent.json; or set the project's buildOnce to false."),
        _ => answer,
    };

    /// <summary>Leaves the order for a node that does not answer now; nobody waits for it.</summary>
    public Task LeaveAsync(string nodeId) => TrySendAsync(Sending(order.Kind), Command(order.Kind, nodeId, ValidFor));

    /// <summary>Asks a node to stop what it does for this deployment, for longer than the order holds. The command that is stopped answers for itself.</summary>
    public Task CancelAsync(string nodeId) => TrySendAsync(nameof(SendCancelActivity), Command(CommandIds.Cancel, nodeId, ValidFor + TimeSpan.FromHours(1)));

    public Task RecordAsync(string nodeId, NodeStatus status, CommandResult? result = null) => context.CallActivityAsync(
        nameof(RecordNodeActivity),
        new NodeRecord
        {
            DeploymentId = order.DeploymentId,
            ProjectId = order.ProjectId,
            NodeId = nodeId,
            Status = status,
            Failure = result?.Failure,
            Release = result?.Serving,
            KeepReleases = status == order.DoneAs ? order.KeepReleases : null,
            Commit = result?.Built?.Commit ?? (order.Kind == CommandIds.RollBack && order.IfServing is null && status == order.DoneAs ? result?.Serving?.Commit : null),
            Subject = result?.Built?.Subject,
            Config = result?.Built?.Deployment,
        },
        Retries.Storage);

    /// <summary>The order to go back holds for longer than anybody waits: a node that comes back later has to do it still.</summary>
    private TimeSpan ValidFor => order.Kind == CommandIds.RollBack ? TimeSpan.FromDays(1) : order.Limit + order.OfflineWait;

    private static string Sending(string kind) => kind switch
    {
        CommandIds.Build => nameof(SendBuildActivity),
        CommandIds.Activate => nameof(SendActivateActivity),
        CommandIds.Confirm => nameof(SendConfirmActivity),
        CommandIds.RollBack => nameof(SendRollBackActivity),
        _ => throw new InvalidOperationException($"No activity sends '{kind}'."),
    };

    private async Task TrySendAsync(TaskName activity, SendCommand command)
    {
        try
        {
            await context.CallActivityAsync(activity, command, Retries.Sending);
        }
        catch (TaskFailedException)
        {
            // The node cannot be reached. Its commands expire by themselves, nobody waits for longer than the limit, and its heartbeat will show what it serves.
        }
    }

    private SendCommand Command(string kind, string nodeId, TimeSpan validFor) => new()
    {
        CommandId = CommandIds.Of(context.InstanceId, kind, nodeId),
        DeploymentId = order.DeploymentId,
        NodeId = nodeId,
        ProjectId = order.ProjectId,
        ValidFor = validFor,
        Commit = order.Commit,
        ShareTree = order.ShareTree,
        Tree = order.Tree,
        TrafficPercent = order.TrafficPercent,
        RollBackTo = order.RollBackTo,
        IfServing = order.IfServing,
        Reason = order.Reason,
    };

    private CommandResult Failed(FailureKind failure, string message, string? hint = null) => new()
    {
        Outcome = CommandOutcome.Failed,
        Failure = new Failure(order.Kind, failure, message)
        {
            Hint = failure == FailureKind.Lost ? "Is the node online? On the node: systemctl status vpspilot-agent." : hint,
        },
    };
}
