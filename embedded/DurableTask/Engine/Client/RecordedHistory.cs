using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Client;

/// <summary>History entries as clients see them.</summary>
internal static class RecordedHistory
{
    public static HistoryEvent ToEvent(HistoryEntry entry)
    {
        var recorded = entry switch
        {
            EpisodeStarted => Of(EventType.OrchestratorStarted),
            ExecutionStarted e => Of(EventType.ExecutionStarted, input: e.Input),
            TaskScheduled e => Of(EventType.TaskScheduled, e.TaskId, e.Name, e.Input),
            TaskCompleted e => Of(EventType.TaskCompleted, e.TaskId, result: e.Result),
            TaskFailed e => Of(EventType.TaskFailed, e.TaskId, failure: e.Failure),
            TimerCreated e => Of(EventType.TimerCreated, e.TaskId, fireAt: e.FireAt),
            TimerFired e => Of(EventType.TimerFired, e.TaskId),
            SubOrchestrationCreated e => Of(EventType.SubOrchestrationInstanceCreated, e.TaskId, e.Name, e.Input, instanceId: e.InstanceId),
            SubOrchestrationCompleted e => Of(EventType.SubOrchestrationInstanceCompleted, e.TaskId, result: e.Result),
            SubOrchestrationFailed e => Of(EventType.SubOrchestrationInstanceFailed, e.TaskId, failure: e.Failure),
            EventSent e => Of(EventType.EventSent, e.TaskId, e.Name, e.Input, instanceId: e.InstanceId),
            EventRaised e => Of(EventType.EventRaised, name: e.Name, input: e.Input),
            ExecutionSuspended e => Of(EventType.ExecutionSuspended, input: e.Reason),
            ExecutionResumed e => Of(EventType.ExecutionResumed, input: e.Reason),
            ExecutionTerminated e => Of(EventType.ExecutionTerminated, input: e.Output),
            ExecutionCompleted { Status: OrchestrationRuntimeStatus.Failed } e => Of(EventType.ExecutionFailed, failure: e.Failure),
            ExecutionCompleted e => Of(EventType.ExecutionCompleted, result: e.Output),
            _ => throw new InvalidOperationException($"Unknown history entry {entry.GetType()}."),
        };
        recorded.Timestamp = entry.At;
        return recorded;
    }

    private static RecordedEvent Of(EventType type, int id = -1, string? name = null, string? input = null, string? result = null, Microsoft.DurableTask.TaskFailureDetails? failure = null, DateTime? fireAt = null, string? instanceId = null) =>
        new() { EventType = type, EventId = id, Name = name, Input = input, Result = result, FailureDetails = failure, FireAt = fireAt, InstanceId = instanceId };
}
