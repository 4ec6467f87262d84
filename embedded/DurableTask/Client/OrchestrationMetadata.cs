using System.Text;
using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

/// <summary>Runtime status of an orchestration.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>It has started and not ended.</summary>
    Running = 0,

    /// <summary>It returned.</summary>
    Completed = 1,

    /// <summary>It started over; only seen in history.</summary>
    ContinuedAsNew = 2,

    /// <summary>It threw.</summary>
    Failed = 3,

    /// <summary>Not used.</summary>
    Canceled = 4,

    /// <summary>A client terminated it.</summary>
    Terminated = 5,

    /// <summary>It is scheduled and has not started.</summary>
    Pending = 6,

    /// <summary>A client suspended it.</summary>
    Suspended = 7,
}

/// <summary>A snapshot of an orchestration's state.</summary>
public sealed class OrchestrationMetadata
{
    private const int ShownLength = 50;

    /// <summary>A snapshot.</summary>
    public OrchestrationMetadata(string name, string instanceId)
    {
        Name = name;
        InstanceId = instanceId;
    }

    /// <summary>Name of the orchestrator.</summary>
    public string Name { get; }

    /// <summary>Instance id.</summary>
    public string InstanceId { get; }

    /// <summary>Converts inputs and outputs; null when they were not asked for.</summary>
    public DataConverter? DataConverter { get; init; } = JsonDataConverter.Default;

    /// <summary>Status.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was scheduled (UTC).</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed (UTC).</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Input as text; null when there is none or it was not asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>Output as text; null when there is none or it was not asked for.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>Custom status as text; null when none was set.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>How it failed; null when it has not, or when outputs were not asked for.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True when it runs.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>True when it has completed, failed or was terminated.</summary>
    public bool IsCompleted => RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>The input.</summary>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadInputAs<T>() => Converter().Deserialize<T>(SerializedInput);

    /// <summary>The output.</summary>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadOutputAs<T>() => Converter().Deserialize<T>(SerializedOutput);

    /// <summary>The custom status.</summary>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadCustomStatusAs<T>() => Converter().Deserialize<T>(SerializedCustomStatus);

    /// <summary>One line for logs; long texts are cut.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"[Name: '{Name}', ID: '{InstanceId}', RuntimeStatus: {RuntimeStatus}, CreatedAt: {CreatedAt:s}, LastUpdatedAt: {LastUpdatedAt:s}");
        Append(text, "Input", SerializedInput);
        Append(text, "Output", SerializedOutput);
        Append(text, "CustomStatus", SerializedCustomStatus);
        Append(text, "FailureDetails", FailureDetails?.ToString());
        return text.Append(']').ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append($", {name}: '").Append(value.Length <= ShownLength ? value : string.Concat(value.AsSpan(0, ShownLength), "...")).Append('\'');
        }
    }

    private DataConverter Converter() => DataConverter ?? throw new InvalidOperationException(
        "Inputs, outputs and custom status were not asked for: get the instance with getInputsAndOutputs set to true.");
}
