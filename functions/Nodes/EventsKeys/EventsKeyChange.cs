using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Nodes.EventsKeys;

/// <summary>The last change of the key by which nodes send events, as stored.</summary>
internal sealed record EventsKeyChange
{
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Fingerprint of the key that is replaced: a change that was interrupted knows by it whether the rule has the new one already.</summary>
    public required string Replaced { get; init; }

    /// <summary>How long the earlier key is still accepted, at most; zero for not at all.</summary>
    public required TimeSpan Overlap { get; init; }

    /// <summary>Fingerprint of the new key; null until the rule has it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Since when the rule has the new key.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Since when the earlier key is refused.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    [JsonIgnore]
    public DateTimeOffset? EndsAt => StartedAt + Overlap;

    /// <summary>The node has the new key: it said so, or got all its credentials later.</summary>
    public bool IsWith(Node node) => Fingerprint is not null && (node.EventsKey == Fingerprint || node.EnrolledAt > StartedAt || node.RenewedAt > StartedAt);
}

/// <summary>Body of <c>POST /api/keys/events/rotate</c>.</summary>
/// <param name="OverlapHours">How long the key of now is still accepted, at most: 0 to 720 hours; default 168.</param>
internal sealed record RotateEventsKeyRequest(int? OverlapHours);

/// <summary>How far the change of the key for events is.</summary>
/// <param name="RotatedAt">When there was a new key; null for never.</param>
/// <param name="EarlierUntil">When the earlier key is refused at the latest; sooner when no node waits. Null when it is refused.</param>
/// <param name="Waiting">Nodes that have not taken the new key.</param>
internal sealed record EventsKeyView(DateTimeOffset? RotatedAt, DateTimeOffset? EarlierUntil, IReadOnlyList<string> Waiting);
