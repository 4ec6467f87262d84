using System.Text.Json.Serialization;

namespace VpsPilot.Contracts.Events;

/// <summary>What an agent reports.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StageProgress), "progress")]
[JsonDerivedType(typeof(CommandResult), "result")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(Alert), "alert")]
public abstract record AgentEvent;

/// <summary>A stage started or ended.</summary>
public sealed record StageProgress : AgentEvent
{
    /// <summary>One of <see cref="Stages"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>Where the stage stands.</summary>
    public required StageState State { get; init; }

    /// <summary>How long it took, in milliseconds; null while it runs.</summary>
    public long? DurationMilliseconds { get; init; }

    /// <summary>One short line for a person, for example the store path; null when there is nothing to add.</summary>
    public string? Detail { get; init; }
}

/// <summary>State of a stage.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageState>))]
public enum StageState
{
    /// <summary>It runs.</summary>
    [JsonStringEnumMemberName("started")] Started,

    /// <summary>It ended well.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>It failed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>There was nothing to do.</summary>
    [JsonStringEnumMemberName("skipped")] Skipped,
}

/// <summary>Something a person must know, outside a command's answer.</summary>
/// <param name="Code">Stable code, for example <c>watch-rolled-back</c>.</param>
/// <param name="Message">One line.</param>
public sealed record Alert(string Code, string Message) : AgentEvent;
