using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Operations;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Acts on an event whose signature is right. Events come at least once and in any order, so each kind is written such that a repeat or a late
/// arrival changes nothing: a step never goes back from ended, a heartbeat never replaces a later one, an alert has its own key, and of two
/// equal results the orchestration takes the first.
/// </summary>
internal sealed class AgentEventHandler(NodeStore nodes, DeploymentStore deployments, AlertStore alerts, OperationEvents operations, ILogger<AgentEventHandler> logger)
{
    public Task HandleAsync(DurableTaskClient client, EventEnvelope envelope, CancellationToken ct) => envelope.Body switch
    {
        Heartbeat heartbeat => nodes.RecordSignAsync(envelope.NodeId, envelope.OccurredAt, heartbeat, ct),
        Alert alert => alerts.RecordAsync(envelope, alert, ct),
        StageProgress progress => ProgressAsync(envelope, progress, ct),
        CommandResult result => ResultAsync(client, envelope, result, ct),
        var other => throw new InvalidOperationException($"No handler for {other.GetType().Name}."),
    };

    private async Task ProgressAsync(EventEnvelope envelope, StageProgress progress, CancellationToken ct)
    {
        if (!Bounds.IsStage(progress.Stage) || await CommandAsync(envelope, ct) is not { } command)
        {
            return;
        }

        await deployments.RecordStepAsync(command.Deployment.Id, envelope.NodeId, command.Kind, envelope.OccurredAt, progress.Bounded(), ct);
        if (progress is { Stage: Stages.Watch, State: StageState.Started }
            && await deployments.NodeAsync(command.Deployment.Id, envelope.NodeId, ct) is { Status: NodeStatus.Activating })
        {
            await deployments.UpdateAsync(command.Deployment.Id, d => d.Status == DeploymentStatus.Activating ? d with { Status = DeploymentStatus.Watching } : null, ct);
        }
    }

    private async Task ResultAsync(DurableTaskClient client, EventEnvelope envelope, CommandResult result, CancellationToken ct)
    {
        if (await operations.ResultAsync(client, envelope, result, ct))
        {
            return;
        }

        // Results of commands outside a deployment, and those that come after the end, have nobody who waits for them.
        if (await CommandAsync(envelope, ct) is { } command && command.Kind != CommandIds.Cancel && !command.Deployment.Status.IsFinal())
        {
            await client.RaiseEventAsync(CommandIds.GroupOf(envelope.CommandId!), CommandIds.ResultEvent(envelope.CommandId!), result.Bounded(), ct);
        }
    }

    /// <summary>The deployment and kind of the command that the event names; null when it names none, or one that was never given to this node.</summary>
    private async Task<(Deployment Deployment, string Kind)?> CommandAsync(EventEnvelope envelope, CancellationToken ct)
    {
        if (envelope is not { CommandId: { } commandId, DeploymentId: { } deploymentId })
        {
            return null;
        }

        var kind = CommandIds.KindOf(commandId, deploymentId, envelope.NodeId);
        if (kind is null || await deployments.GetAsync(deploymentId, ct) is not { } deployment || !deployment.Nodes.Contains(envelope.NodeId, StringComparer.Ordinal))
        {
            logger.EventDropped(envelope.NodeId, $"no deployment gave it the command {commandId}");
            return null;
        }

        return (deployment, kind);
    }
}
