namespace Microsoft.DurableTask.Worker;

/// <summary>Decides which orchestrations a worker takes.</summary>
public interface IOrchestrationFilter
{
    /// <summary>True when the worker takes it; otherwise it stays for another worker.</summary>
    ValueTask<bool> IsOrchestrationValidAsync(OrchestrationFilterParameters info, CancellationToken cancellationToken = default);
}

/// <summary>What a filter decides on.</summary>
public struct OrchestrationFilterParameters
{
    /// <summary>Name of the orchestration.</summary>
    public string? Name { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>Adds facts of an exception to its failure details.</summary>
public interface IExceptionPropertiesProvider
{
    /// <summary>The facts by name; null when there are none.</summary>
    IDictionary<string, object?>? GetExceptionProperties(Exception exception);
}
