using System.Text.Json;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Events;

/// <summary>Signs events and sends them to the events queue.</summary>
internal sealed class EventSender(Identity identity, AgentKeys keys, QueueSender queue)
{
    /// <summary>The event id of a command's answer: always the same, so that a repeat is known as one.</summary>
    public static string ResultId(string commandId) => commandId + ".result";

    /// <summary>The event id of the alert that a command's answer raises.</summary>
    public static string AlertId(string commandId) => commandId + ".alert";

    public EventEnvelope Envelope(string eventId, CommandEnvelope? command, AgentEvent body, DateTimeOffset at) => new()
    {
        EventId = eventId,
        NodeId = identity.NodeId,
        CommandId = command?.CommandId,
        ProjectId = command?.ProjectId,
        DeploymentId = command?.DeploymentId,
        OccurredAt = at,
        TraceParent = command?.TraceParent,
        Body = body,
    };

    /// <summary>Returns when the queue has it durably.</summary>
    /// <exception cref="QueueException">It could not be sent in time.</exception>
    public Task SendAsync(EventEnvelope envelope, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.Serialize(envelope, ContractsJson.Default.EventEnvelope);
        var message = new OutgoingMessage
        {
            MessageId = envelope.EventId,
            Body = keys.Sign(payload, identity.NodeId).ToBytes(),
            ContentType = "application/json",
            CorrelationId = envelope.DeploymentId,
            CanWait = envelope.Body is Heartbeat,
            ApplicationProperties = envelope.TraceParent is { } trace ? new Dictionary<string, object>(StringComparer.Ordinal) { ["traceparent"] = trace } : [],
        };
        return queue.SendAsync(identity.Enrollment.Events.Queue, message, cancellationToken);
    }
}
