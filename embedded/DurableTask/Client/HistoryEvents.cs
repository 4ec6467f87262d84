using Microsoft.DurableTask;

namespace DurableTask.Core.History;

/// <summary>Kind of a history event.</summary>
public enum EventType
{
    /// <summary>The orchestration started.</summary>
    ExecutionStarted = 0,

    /// <summary>It completed.</summary>
    ExecutionCompleted = 1,

    /// <summary>It failed.</summary>
    ExecutionFailed = 2,

    /// <summary>It was terminated.</summary>
    ExecutionTerminated = 3,

    /// <summary>An activity was called.</summary>
    TaskScheduled = 4,

    /// <summary>An activity completed.</summary>
    TaskCompleted = 5,

    /// <summary>An activity failed.</summary>
    TaskFailed = 6,

    /// <summary>A sub-orchestration was called.</summary>
    SubOrchestrationInstanceCreated = 7,

    /// <summary>A sub-orchestration completed.</summary>
    SubOrchestrationInstanceCompleted = 8,

    /// <summary>A sub-orchestration failed.</summary>
    SubOrchestrationInstanceFailed = 9,

    /// <summary>A timer was created.</summary>
    TimerCreated = 10,

    /// <summary>A timer fired.</summary>
    TimerFired = 11,

    /// <summary>A step began.</summary>
    OrchestratorStarted = 12,

    /// <summary>An event was sent to another orchestration.</summary>
    EventSent = 14,

    /// <summary>An external event arrived.</summary>
    EventRaised = 15,

    /// <summary>The orchestration was suspended.</summary>
    ExecutionSuspended = 19,

    /// <summary>It was resumed.</summary>
    ExecutionResumed = 20,
}

/// <summary>One line of an orchestration's history.</summary>
public abstract class HistoryEvent
{
    /// <summary>Number of the action it belongs to; -1 for one that belongs to none.</summary>
    public int EventId { get; set; } = -1;

    /// <summary>When it was written (UTC).</summary>
    public DateTime Timestamp { get; set; }

    /// <summary>Its kind.</summary>
    public virtual EventType EventType { get; init; }
}

/// <summary>A history event of the embedded engine, whatever its kind.</summary>
public sealed class RecordedEvent : HistoryEvent
{
    /// <summary>Name of the activity, orchestrator or event; null where there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Input or payload as text; null where there is none.</summary>
    public string? Input { get; init; }

    /// <summary>Result or output as text; null where there is none.</summary>
    public string? Result { get; init; }

    /// <summary>How it failed; null where it did not.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>When a timer fires (UTC); null for anything else.</summary>
    public DateTime? FireAt { get; init; }

    /// <summary>Instance id of a sub-orchestration or of the target of an event; null for anything else.</summary>
    public string? InstanceId { get; init; }
}
