using System.Text.Json.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Embedded.DurableTask.Engine.History;

/// <summary>One line of an orchestration's append-only history, or of its inbox.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(EpisodeStarted), "EpisodeStarted")]
[JsonDerivedType(typeof(ExecutionStarted), "ExecutionStarted")]
[JsonDerivedType(typeof(TaskScheduled), "TaskScheduled")]
[JsonDerivedType(typeof(TaskCompleted), "TaskCompleted")]
[JsonDerivedType(typeof(TaskFailed), "TaskFailed")]
[JsonDerivedType(typeof(TimerCreated), "TimerCreated")]
[JsonDerivedType(typeof(TimerFired), "TimerFired")]
[JsonDerivedType(typeof(SubOrchestrationCreated), "SubOrchestrationInstanceCreated")]
[JsonDerivedType(typeof(SubOrchestrationCompleted), "SubOrchestrationInstanceCompleted")]
[JsonDerivedType(typeof(SubOrchestrationFailed), "SubOrchestrationInstanceFailed")]
[JsonDerivedType(typeof(EventSent), "EventSent")]
[JsonDerivedType(typeof(EventRaised), "EventRaised")]
[JsonDerivedType(typeof(ExecutionSuspended), "ExecutionSuspended")]
[JsonDerivedType(typeof(ExecutionResumed), "ExecutionResumed")]
[JsonDerivedType(typeof(ExecutionTerminated), "ExecutionTerminated")]
[JsonDerivedType(typeof(ExecutionCompleted), "ExecutionCompleted")]
internal abstract record HistoryEntry
{
    /// <summary>When it was written (UTC).</summary>
    public DateTime At { get; init; }
}

/// <summary>A step of the orchestrator began; its time is the orchestrator's clock.</summary>
internal sealed record EpisodeStarted : HistoryEntry;

internal sealed record ExecutionStarted(string? Input) : HistoryEntry;

/// <summary>An entry that the orchestrator's code caused. At replay the code must cause the same again.</summary>
internal abstract record ActionEntry(int TaskId) : HistoryEntry
{
    /// <summary>What the step is, as a person would say it: what replay compares.</summary>
    [JsonIgnore]
    public abstract string Step { get; }
}

internal sealed record TaskScheduled(int TaskId, string Name, string Version, string? Input) : ActionEntry(TaskId)
{
    public override string Step => $"a call of activity '{Name}'";
}

internal sealed record TimerCreated(int TaskId, DateTime FireAt) : ActionEntry(TaskId)
{
    public override string Step => "a timer";
}

internal sealed record SubOrchestrationCreated(int TaskId, string Name, string Version, string InstanceId, string? Input) : ActionEntry(TaskId)
{
    public override string Step => $"a call of sub-orchestrator '{Name}'";

    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

internal sealed record EventSent(int TaskId, string InstanceId, string Name, string? Input) : ActionEntry(TaskId)
{
    public override string Step => $"an event '{Name}' to '{InstanceId}'";
}

/// <summary>An entry that ends an earlier action.</summary>
internal abstract record ResultEntry(int TaskId) : HistoryEntry;

internal sealed record TaskCompleted(int TaskId, string? Result) : ResultEntry(TaskId);

internal sealed record TaskFailed(int TaskId, TaskFailureDetails Failure) : ResultEntry(TaskId)
{
    /// <summary>True when trying again cannot help, for example for an activity nobody knows.</summary>
    public bool NonRetriable { get; init; }
}

internal sealed record TimerFired(int TaskId) : ResultEntry(TaskId);

internal sealed record SubOrchestrationCompleted(int TaskId, string? Result) : ResultEntry(TaskId);

internal sealed record SubOrchestrationFailed(int TaskId, TaskFailureDetails Failure) : ResultEntry(TaskId)
{
    public bool NonRetriable { get; init; }

    /// <summary>What a parent sees of a child that was terminated.</summary>
    public static TaskFailureDetails Terminated(string instanceId, string? output) =>
        new("Terminated", $"Orchestration '{instanceId}' was terminated" + (output is null ? "." : $": {output}"), null, null, null);
}

internal sealed record EventRaised(string Name, string? Input) : HistoryEntry;

internal sealed record ExecutionSuspended(string? Reason) : HistoryEntry;

internal sealed record ExecutionResumed(string? Reason) : HistoryEntry;

internal sealed record ExecutionTerminated(string? Output) : HistoryEntry;

internal sealed record ExecutionCompleted(OrchestrationRuntimeStatus Status, string? Output, TaskFailureDetails? Failure) : HistoryEntry;
