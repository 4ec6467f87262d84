namespace Microsoft.DurableTask;

/// <summary>How an orchestration starts over.</summary>
public class ContinueAsNewOptions
{
    /// <summary>Input of the new execution; null means none.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether external events that were not consumed are carried over; default true.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>Version of the new execution; null keeps the present one.</summary>
    public string? NewVersion { get; set; }
}
