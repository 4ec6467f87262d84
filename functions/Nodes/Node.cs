using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Nodes.Moving;

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

    /// <summary>Public key that its agent checks commands with; null until enrolled.</summary>
    public string? CommandKey { get; init; }

    /// <summary>The command that asked the node to renew its keys; only with it does it get new ones.</summary>
    public Renewal? Renewal { get; init; }

    /// <summary>The last wish that it goes to another control plane; null when there was none.</summary>
    public NodeMove? Move { get; init; }

    /// <summary>When its keys were last renewed.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>The signing key before <see cref="RenewedAt"/>, for events that were on their way.</summary>
    public string? EarlierSigningKey { get; init; }

    /// <summary>Fingerprint of the key for events that it said it took; null where it has the one it was given with its credentials.</summary>
    public string? EventsKey { get; init; }

    /// <summary>When it was shut out; null for never, or after it was enrolled again.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Hash of the agent's bearer token; null until enrolled.</summary>
    public string? AgentTokenHash { get; init; }
}

/// <summary>Leave for a node to renew its keys.</summary>
/// <param name="CommandId">The command that asked it to.</param>
/// <param name="ExpiresAt">From then on it is refused.</param>
internal sealed record Renewal(string CommandId, DateTimeOffset ExpiresAt);

/// <summary>The last sign of life of a node.</summary>
internal sealed record NodeSign
{
    public required DateTimeOffset LastSeenAt { get; init; }

    public required string AgentVersion { get; init; }

    public required NodeFacts Facts { get; init; }

    /// <summary>What serves, by project id.</summary>
    public IReadOnlyDictionary<string, ServingRelease> Serving { get; init; } = new Dictionary<string, ServingRelease>(StringComparer.Ordinal);

    /// <summary>The node serves more projects than fit here.</summary>
    public bool IsCut { get; init; }

    /// <summary>When the node made the report; an older one never replaces a newer.</summary>
    public required DateTimeOffset ReportedAt { get; init; }

    /// <summary>The load in the last reports, this one included, the oldest first.</summary>
    public IReadOnlyList<LoadSample> Loads { get; init; } = [];

    /// <summary>The samples with one more; the oldest beyond <see cref="MaxLoads"/> are forgotten.</summary>
    public static IReadOnlyList<LoadSample> Append(IReadOnlyList<LoadSample> earlier, LoadSample sample) => [.. earlier.TakeLast(MaxLoads - 1), sample];

    /// <summary>A quarter of an hour at the usual pace.</summary>
    private const int MaxLoads = 60;
}

/// <summary>Of a <see cref="NodeSign"/> the time alone, for who reads those of a whole fleet.</summary>
/// <param name="LastSeenAt">As there.</param>
internal sealed record LastSign(DateTimeOffset LastSeenAt);

/// <summary>The load of a node at one time.</summary>
/// <param name="At">When the node reported it.</param>
/// <param name="Load1">Load average over one minute.</param>
internal sealed record LoadSample(DateTimeOffset At, double Load1);
