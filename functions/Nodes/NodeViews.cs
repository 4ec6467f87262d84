using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Schedules;

namespace VpsPilot.Functions.Nodes;

/// <summary>Body of <c>POST /api/nodes</c>.</summary>
internal sealed record CreateNodeRequest(string? Name, Dictionary<string, string>? Labels);

/// <summary>Answer to <c>POST /api/nodes</c>: the only time that the enrolment token is shown.</summary>
internal sealed record CreatedNode(string Id, string Name, string EnrollmentToken, DateTimeOffset ExpiresAt, string InstallCommand);

/// <summary>A node as the API shows it.</summary>
internal sealed record NodeView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary><c>pending</c> until enrolled, <c>revoked</c> when shut out, <c>moved</c> when it went to another control plane, else <c>online</c> or <c>offline</c> by the last heartbeat.</summary>
    public required string State { get; init; }

    public string? AgentVersion { get; init; }

    public NodeFacts? Facts { get; init; }

    public required IReadOnlyDictionary<string, ServingRelease> Serving { get; init; }

    /// <summary>The load in its last reports, the oldest first; null in lists.</summary>
    public IReadOnlyList<LoadSample>? Loads { get; init; }

    /// <summary>Projects of which it served something else than was deployed, at the last check.</summary>
    public IReadOnlyList<Drift> Drift { get; init; } = [];

    public DateTimeOffset? LastSeenAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its keys were last renewed.</summary>
    public DateTimeOffset? RenewedAt { get; init; }

    /// <summary>The last wish that it goes to another control plane, and what came of it.</summary>
    public MoveView? Move { get; init; }

    public static NodeView Of(Node node, NodeSign? sign, DateTimeOffset now, TimeSpan offlineAfter) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Labels = node.Labels,
        State = node.RevokedAt is not null ? "revoked" : node.EnrolledAt is null ? "pending" : node.Move?.MovedAt is not null ? "moved" : sign is not null && now - sign.LastSeenAt < offlineAfter ? "online" : "offline",
        AgentVersion = sign?.AgentVersion,
        Facts = sign?.Facts,
        Serving = sign?.Serving ?? new Dictionary<string, ServingRelease>(StringComparer.Ordinal),
        LastSeenAt = sign?.LastSeenAt,
        CreatedAt = node.CreatedAt,
        RenewedAt = node.RenewedAt,
        Move = node.Move is { } move ? new(move.Url, move.AskedAt, move.MovedAt, move.Failure) : null,
    };
}

/// <summary>A node's way to another control plane.</summary>
/// <param name="Url">Where to.</param>
/// <param name="AskedAt">When it was sent.</param>
/// <param name="MovedAt">When it said that it goes; null before.</param>
/// <param name="Failure">Why it stayed; null when it did not say so.</param>
internal sealed record MoveView(string Url, DateTimeOffset AskedAt, DateTimeOffset? MovedAt, string? Failure);
