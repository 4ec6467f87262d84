namespace VpsPilot.Contracts.Events;

/// <summary>What an agent puts on the <c>agent-events</c> queue. Delivered at least once; <see cref="EventId"/> identifies a repeat.</summary>
public sealed record EventEnvelope
{
    /// <summary>Version of this envelope's shape.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Unique id, kept over retries.</summary>
    public required string EventId { get; init; }

    /// <summary>The node that speaks.</summary>
    public required string NodeId { get; init; }

    /// <summary>The command it belongs to; null for heartbeats and alerts.</summary>
    public string? CommandId { get; init; }

    /// <summary>The project concerned; null for events about the node.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The deployment concerned; null outside a deployment.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>When it happened on the node (UTC).</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>W3C trace context of the command; null when not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What happened.</summary>
    public required AgentEvent Body { get; init; }
}
