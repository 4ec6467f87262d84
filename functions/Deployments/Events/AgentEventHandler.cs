using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Functions.Nodes.Moving;
using VpsPilot.Functions.Operations;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Acts on an event whose signature is right. Events come at least once and in any order, so each kind is written such that a repeat or a late
/// arrival changes nothing: a step never goes back from ended, a heartbeat never replaces a later one, an alert has its own key, and of two
/// equal results the orchestration takes the first.
/// </summary>
internal sealed class AgentEventHandler(NodeStore nodes, DeploymentStore deployments, AlertGate gate, AlertStore alerts, OperationEvents operations, ILogger<AgentEventHandler> logger)
{
    public Task HandleAsync(DurableTaskClient client, EventEnvelope envelope, CancellationToken ct) => envelope.Body switch
    {
        Heartbeat heartbeat => nodes.RecordSignAsync(envelope.NodeId, envelope.OccurredAt, heartbeat, ct),
        Alert alert => AlertAsync(envelope, alert, ct),
        StageProgress progress => ProgressAsync(envelope, progress, ct),
        CommandResult result => ResultAsync(client, envelope, result, ct),
        var other => throw new InvalidOperationException($"No handler for {other.GetType().Name}."),
    };

    private async Task AlertAsync(EventEnvelope envelope, Alert alert, CancellationToken ct)
    {
        if (await gate.AdmitAsync(envelope, alert, ct) is { } row)
        {
            await alerts.RecordAsync(row, ct);
        }
    }

    private async Task ProgressAsync(EventEnvelope envelope, StageProgress progress, CancellationToken ct)
    {
        if (!Bounds.IsStage(progress.Stage) || KindOf(envelope) is not { } kind)
        {
            return;
        }

        // The node's own row, not the deployment's: reports are the most frequent of all events, and that one names every node of the fleet.
        if (await deployments.NodeAsync(envelope.DeploymentId!, envelope.NodeId, ct) is not { } node)
        {
            Drop(envelope);
            return;
        }

        await deployments.RecordStepAsync(envelope.DeploymentId!, envelope.NodeId, kind, envelope.OccurredAt, progress.Bounded(), ct);
        if (progress is { Stage: Stages.Watch, State: StageState.Started } && node.Status == NodeStatus.Activating)
        {
            await deployments.UpdateAsync(envelope.DeploymentId!, d => d.Status == DeploymentStatus.Activating ? d with { Status = DeploymentStatus.Watching } : null, ct);
        }
    }

    private async Task ResultAsync(DurableTaskClient client, EventEnvelope envelope, CommandResult result, CancellationToken ct)
    {
        if (Moves.IsMove(envelope.CommandId))
        {
            await nodes.EndMoveAsync(envelope.NodeId, envelope.CommandId!, result, ct);
            return;
        }

        if (EventsKeyCommands.KeyOf(envelope.CommandId) is { } eventsKey)
        {
            if (result.Outcome == CommandOutcome.Succeeded)
            {
                await nodes.TakeEventsKeyAsync(envelope.NodeId, eventsKey, ct);
            }

            return;
        }

        if (await operations.ResultAsync(client, envelope, result, ct))
        {
            return;
        }

        // Results of commands outside a deployment, and those that come after the end, have nobody who waits for them.
        if (KindOf(envelope) is not { } kind || kind == CommandIds.Cancel)
        {
            return;
        }

        if (await deployments.GetAsync(envelope.DeploymentId!, ct) is not { } deployment || !deployment.Nodes.Contains(envelope.NodeId, StringComparer.Ordinal))
        {
            Drop(envelope);
        }
        else if (!deployment.Status.IsFinal())
        {
            await client.RaiseIfRunningAsync(CommandIds.GroupOf(envelope.CommandId!), CommandIds.ResultEvent(envelope.CommandId!), result.Bounded(), ct);
        }
    }

    /// <summary>The kind of the deployment's command that the event names; null when it names none, or one that was never given to this node.</summary>
    private string? KindOf(EventEnvelope envelope)
    {
        if (envelope is not { CommandId: { } commandId, DeploymentId: { } deploymentId })
        {
            return null;
        }

        var kind = DeploymentIds.IsValid(deploymentId) ? CommandIds.KindOf(commandId, deploymentId, envelope.NodeId) : null;
        if (kind is null)
        {
            Drop(envelope);
        }

        return kind;
    }

    private void Drop(EventEnvelope envelope) => logger.EventDropped(envelope.NodeId, $"no deployment gave it the command {envelope.CommandId}");
}
