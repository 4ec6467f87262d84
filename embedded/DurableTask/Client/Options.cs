using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

/// <summary>Options of a client.</summary>
public class DurableTaskClientOptions
{
    /// <summary>Converts inputs, outputs and events; default JSON.</summary>
    public DataConverter DataConverter { get; set; } = JsonDataConverter.Default;

    /// <summary>Version of new orchestrations that name none; default none.</summary>
    public string? DefaultVersion { get; set; }

    /// <summary>Not supported here; kept for the shape.</summary>
    public bool EnableEntitySupport { get; set; }
}

/// <summary>How an instance is terminated.</summary>
/// <param name="Output">Becomes the instance's output.</param>
/// <param name="Recursive">Whether its sub-orchestrations are terminated too.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>How instances are purged.</summary>
/// <param name="Recursive">Whether their sub-orchestrations are purged too.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which ended instances are purged.</summary>
/// <param name="CreatedFrom">Created at or after; null means any.</param>
/// <param name="CreatedTo">Created at or before; null means any.</param>
/// <param name="Statuses">In one of these; null means any ended one.</param>
public record PurgeInstancesFilter(DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>Time after which the purge stops and reports itself incomplete; null means no limit.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>What a purge removed.</summary>
public class PurgeResult
{
    /// <summary>A result.</summary>
    public PurgeResult(int count)
        : this(count, null)
    {
    }

    /// <summary>A result that knows whether more is left.</summary>
    public PurgeResult(int count, bool? isComplete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    /// <summary>Number of instances removed.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether nothing is left to purge; null when unknown.</summary>
    public bool? IsComplete { get; }
}

/// <summary>Which instances are listed.</summary>
/// <param name="CreatedFrom">Created at or after; null means any.</param>
/// <param name="CreatedTo">Created at or before; null means any.</param>
/// <param name="Statuses">In one of these; null means any.</param>
/// <param name="TaskHubNames">Not used: there is one task hub.</param>
/// <param name="InstanceIdPrefix">Whose id starts so; null means any.</param>
/// <param name="PageSize">Instances a page.</param>
/// <param name="FetchInputsAndOutputs">Whether inputs, outputs and custom status are read.</param>
/// <param name="ContinuationToken">Where to start; null means the beginning.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>Default page size.</summary>
    public const int DefaultPageSize = 100;
}
