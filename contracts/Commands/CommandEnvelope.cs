namespace VpsPilot.Contracts.Commands;

/// <summary>
/// What the control plane puts on a node's queue. The same <see cref="CommandId"/> delivered twice has one effect and the same answer.
/// </summary>
public sealed record CommandEnvelope
{
    /// <summary>The schema this build writes. A reader answers a newer one with a rejection; it never drops it.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of this envelope's shape.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Unique id; the key of the agent's journal and part of the external event's name.</summary>
    public required string CommandId { get; init; }

    /// <summary>The node it is for; any other node refuses it.</summary>
    public required string NodeId { get; init; }

    /// <summary>The project concerned; null for commands about the node itself.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The deployment concerned; null outside a deployment.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>When the control plane made it (UTC).</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>After this instant the agent answers with a rejection and does nothing (UTC).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>W3C trace context of the request that caused it; null when not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The intent.</summary>
    public required Command Body { get; init; }
}
