using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Api;

/// <summary>Whom a token speaks for; without projects, for all of them.</summary>
internal sealed record WhoAmI(string Name, string Role, IReadOnlyList<string>? Projects);

/// <summary>A node.</summary>
internal sealed record NodeView(string Id, string State)
{
    public string? AgentVersion { get; init; }

    public NodeFacts? Facts { get; init; }

    /// <summary>What serves, by project.</summary>
    public IReadOnlyDictionary<string, ServingRelease> Serving { get; init; } = new Dictionary<string, ServingRelease>(StringComparer.Ordinal);

    public DateTimeOffset? LastSeenAt { get; init; }
}

/// <summary>A node to be made.</summary>
internal sealed record NewNode(string Name, IReadOnlyDictionary<string, string>? Labels);

/// <summary>A node that was made; the only time that its token is told.</summary>
internal sealed record CreatedNode(string Id, string EnrollmentToken, DateTimeOffset ExpiresAt, string InstallCommand);
