using System.Collections.Immutable;

namespace Microsoft.DurableTask;

/// <summary>Options of a new orchestration.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Options with an id and a start time.</summary>
    /// <param name="InstanceId">Instance id; null means a new random one.</param>
    /// <param name="StartAt">When it starts; null means now.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    /// <summary>A copy.</summary>
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>Instance id; null means a new random one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When it starts; null means now.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Tags; default none.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Version; null means the client's default.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>Names of the statuses in which an instance of the same id makes the start fail; null means the host's default.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
