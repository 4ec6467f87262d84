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

    /// <summary><c>pending</c> until enrolled, <c>revoked</c> when shut out, else <c>online</c> or <c>offline</c> by the last heartbeat.</summary>
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

    public static NodeView Of(Node node, NodeSign? sign, DateTimeOffset now, TimeSpan offlineAfter) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Labels = node.Labels,
        State = node.RevokedAt is not null ? "revoked" : node.EnrolledAt is null ? "pending" : sign is not null && now - sign.LastSeenAt < offlineAfter ? "online" : "offline",
        AgentVersion = sign?.AgentVersion,
        Facts = sign?.Facts,
        Serving = sign?.Serving ?? new Dictionary<string, ServingRelease>(StringComparer.Ordinal),
        LastSeenAt = sign?.LastSeenAt,
        CreatedAt = node.CreatedAt,
        RenewedAt = node.RenewedAt,
    };
}
