using System.Text.Json.Serialization;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Schedules;

/// <summary>A node that serves something else of a project than was deployed there last.</summary>
internal sealed record Drift
{
    public required string ProjectId { get; init; }

    public required string NodeId { get; init; }

    /// <summary>The release that should serve.</summary>
    public required string WantedRelease { get; init; }

    public required string WantedCommit { get; init; }

    /// <summary>The release that serves; null when none does.</summary>
    public string? ServingRelease { get; init; }

    public string? ServingCommit { get; init; }

    /// <summary>Why it does not serve although the node has it, as the end of a sentence: "its unit is failed"; null otherwise.</summary>
    public string? Detail { get; init; }

    /// <summary>When the node said so last.</summary>
    public required DateTimeOffset ReportedAt { get; init; }
}

/// <summary>That a node was seen offline, as stored.</summary>
internal sealed record OfflineNode(DateTimeOffset LastSeenAt);

/// <summary>Source-generated JSON of what schedules find.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Drift))]
[JsonSerializable(typeof(Page<Drift>))]
[JsonSerializable(typeof(OfflineNode))]
internal sealed partial class SchedulesJson : JsonSerializerContext;
