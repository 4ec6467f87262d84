using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Nodes;

/// <summary>Who a node is, as stored. What it reports is in <see cref="NodeSign"/>, so that heartbeats do not touch this.</summary>
internal sealed record Node
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Hash of the enrolment token; null when it was used or withdrawn.</summary>
    public string? EnrollmentHash { get; init; }

    public DateTimeOffset? EnrollmentExpiresAt { get; init; }

    /// <summary>Null until the node is enrolled.</summary>
    public DateTimeOffset? EnrolledAt { get; init; }

    /// <summary>Public key that its events are signed with; null until enrolled.</summary>
    public string? SigningKey { get; init; }

    /// <summary>Public key that values are sealed to; null until enrolled.</summary>
    public string? SealingKey { get; init; }

    /// <summary>Hash of the agent's bearer token; null until enrolled.</summary>
    public string? AgentTokenHash { get; init; }
}

/// <summary>The last sign of life of a node.</summary>
internal sealed record NodeSign
{
    public required DateTimeOffset LastSeenAt { get; init; }

    public required string AgentVersion { get; init; }

    public required NodeFacts Facts { get; init; }

    /// <summary>What serves, by project id.</summary>
    public IReadOnlyDictionary<string, ServingRelease> Serving { get; init; } = new Dictionary<string, ServingRelease>(StringComparer.Ordinal);

    /// <summary>When the node made the report; an older one never replaces a newer.</summary>
    public required DateTimeOffset ReportedAt { get; init; }
}
