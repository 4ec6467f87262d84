using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Notices;

/// <summary>Something that a person wants to be told at once.</summary>
internal sealed record Notice
{
    /// <summary>The same for the same occasion, so that whoever gets it twice can tell.</summary>
    public required string Id { get; init; }

    public required NoticeKind Kind { get; init; }

    /// <summary>One short line.</summary>
    public required string Title { get; init; }

    /// <summary>Why, or what, in a line or two.</summary>
    public required string Text { get; init; }

    public string? ProjectId { get; init; }

    public string? DeploymentId { get; init; }

    public string? NodeId { get; init; }

    /// <summary>Where there is more to read; null where the control plane does not know its own address.</summary>
    public string? Url { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What a notice is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
internal enum NoticeKind
{
    /// <summary>A deployment failed; nothing that served was changed, or it could not be put back.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>A release was bad and the earlier one serves again.</summary>
    [JsonStringEnumMemberName("rolled-back")] RolledBack,

    /// <summary>The first deployment that succeeded after one that did not.</summary>
    [JsonStringEnumMemberName("recovered")] Recovered,

    [JsonStringEnumMemberName("node-offline")] NodeOffline,

    [JsonStringEnumMemberName("node-online")] NodeOnline,

    /// <summary>A node serves something else than was deployed.</summary>
    [JsonStringEnumMemberName("drift")] Drift,

    /// <summary>A node reported something that a person should look at.</summary>
    [JsonStringEnumMemberName("alert")] Alert,

    /// <summary>A node reported something that needs a person now.</summary>
    [JsonStringEnumMemberName("emergency")] Emergency,

    /// <summary>Asked for, to try a channel.</summary>
    [JsonStringEnumMemberName("test")] Test,
}
