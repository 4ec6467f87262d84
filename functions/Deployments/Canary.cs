using System.Text.Json.Serialization;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments;

/// <summary>How the nodes that go first are doing, as stored and as the API shows it.</summary>
internal sealed record Canary
{
    public required CanaryState State { get; init; }

    /// <summary>When the state ends by itself; null when it has ended.</summary>
    public DateTimeOffset? Until { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Percent of the one node's traffic; null where whole nodes go first.</summary>
    public int? TrafficPercent { get; init; }

    /// <summary>Answers of the first nodes since their switch; null before the first look.</summary>
    public TrafficCount? Traffic { get; init; }

    /// <summary>Answers of the other nodes since the bake time began.</summary>
    public TrafficCount? OtherTraffic { get; init; }

    /// <summary>When these were looked at.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    /// <summary>Who approved; null when nobody did.</summary>
    public string? ApprovedBy { get; init; }
}

/// <summary>Where a canary stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CanaryState>))]
internal enum CanaryState
{
    [JsonStringEnumMemberName("baking")] Baking,
    [JsonStringEnumMemberName("waiting-for-approval")] WaitingForApproval,
    [JsonStringEnumMemberName("promoted")] Promoted,
    [JsonStringEnumMemberName("aborted")] Aborted,
}
