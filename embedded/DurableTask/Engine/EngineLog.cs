using System.Diagnostics.Metrics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Embedded.DurableTask.Engine;

/// <summary>Log messages and metrics of the engine. Event ids are stable.</summary>
internal static partial class EngineLog
{
    /// <summary>Name of the trace source and of the meter.</summary>
    public const string Name = "Microsoft.DurableTask";

    private static readonly Meter Meter = new(Name);

    /// <summary>Steps of orchestrations that were committed.</summary>
    public static readonly Counter<long> Steps = Meter.CreateCounter<long>("durabletask.orchestration.steps");

    /// <summary>Activities that were run, with their outcome.</summary>
    public static readonly Counter<long> Activities = Meter.CreateCounter<long>("durabletask.activities");

    [LoggerMessage(600, LogLevel.Information, "{InstanceId}: orchestrator '{Name}' started.", EventName = "OrchestrationStarted")]
    public static partial void OrchestrationStarted(ILogger logger, string instanceId, string name);

    [LoggerMessage(601, LogLevel.Information, "{InstanceId}: orchestrator '{Name}' ended as {Status}.", EventName = "OrchestrationCompleted")]
    public static partial void OrchestrationCompleted(ILogger logger, string instanceId, string name, OrchestrationRuntimeStatus status);

    [LoggerMessage(602, LogLevel.Warning, "{InstanceId}: orchestrator '{Name}' failed: {Message}", EventName = "OrchestrationFailed")]
    public static partial void OrchestrationFailed(ILogger logger, string instanceId, string name, string message, Exception? exception);

    [LoggerMessage(603, LogLevel.Debug, "{InstanceId}: activity '{Name}' started.", EventName = "ActivityStarted")]
    public static partial void ActivityStarted(ILogger logger, string instanceId, string name);

    [LoggerMessage(604, LogLevel.Debug, "{InstanceId}: activity '{Name}' completed.", EventName = "ActivityCompleted")]
    public static partial void ActivityCompleted(ILogger logger, string instanceId, string name);

    [LoggerMessage(605, LogLevel.Warning, "{InstanceId}: activity '{Name}' failed.", EventName = "ActivityFailed")]
    public static partial void ActivityFailed(ILogger logger, string instanceId, string name, Exception exception);

    [LoggerMessage(610, LogLevel.Error, "{InstanceId}: a step could not be recorded; it is tried again.", EventName = "StepFailed")]
    public static partial void StepFailed(ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(611, LogLevel.Error, "The result of activity call {Id} could not be recorded; the activity runs again.", EventName = "ActivityNotRecorded")]
    public static partial void ActivityNotRecorded(ILogger logger, long id, Exception exception);

    [LoggerMessage(612, LogLevel.Error, "Due timers could not be fired; it is tried again.", EventName = "TimersNotFired")]
    public static partial void TimersNotFired(ILogger logger, Exception exception);
}
