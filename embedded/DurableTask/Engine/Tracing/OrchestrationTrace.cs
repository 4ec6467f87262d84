using System.Diagnostics;
using System.Globalization;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Tracing;

/// <summary>Sends the spans of one execution: each call when its result has come, the execution itself when it has ended.</summary>
internal sealed class OrchestrationTrace
{
    private readonly InstanceRow instance;
    private readonly ActivityContext parent;
    private readonly ActivityContext self;
    private readonly Dictionary<int, ActionEntry> calls = [];
    private DateTime? startedAt;

    private OrchestrationTrace(InstanceRow instance, ActivityContext parent)
    {
        this.instance = instance;
        this.parent = parent;
        self = new ActivityContext(parent.TraceId, SpanIds.OfExecution(instance.ExecutionId), parent.TraceFlags, parent.TraceState);
    }

    /// <summary>The trace of an execution; null when nobody collects spans, or when it was started under none.</summary>
    public static OrchestrationTrace? Of(InstanceRow instance) =>
        EngineTrace.Collected && ActivityContext.TryParse(instance.TraceParent, null, out var parent) ? new OrchestrationTrace(instance, parent) : null;

    /// <summary>Takes note of what was sent before.</summary>
    public void Saw(IEnumerable<HistoryEntry> history)
    {
        foreach (var entry in history)
        {
            Note(entry);
        }
    }

    /// <summary>Sends what a step has brought to an end.</summary>
    public void Step(IEnumerable<HistoryEntry> entries, IEnumerable<ActionEntry> actions, ExecutionCompleted? end, DateTime now)
    {
        foreach (var entry in entries)
        {
            if (entry is ResultEntry result && calls.TryGetValue(result.TaskId, out var call))
            {
                SendCall(call, result, now);
            }

            Note(entry);
        }

        foreach (var action in actions)
        {
            Note(action);
            if (action is EventSent sent)
            {
                var span = EngineTrace.StartKnown($"orchestration_event:{sent.Name}", ActivityKind.Producer, self, null, now);
                EngineTrace.Tag(span, "event", sent.Name, instance.InstanceId)?.SetTag("durabletask.event.target_instance_id", sent.InstanceId).End(now);
            }
        }

        if (end is not null)
        {
            var span = EngineTrace.StartKnown($"orchestration:{instance.Name}", ActivityKind.Server, parent, self.SpanId, startedAt ?? now);
            EngineTrace.Tag(span, "orchestration", instance.Name, instance.InstanceId)?.SetTag("durabletask.task.status", end.Status.ToString()).End(now, end.Failure);
        }
    }

    private void Note(HistoryEntry entry)
    {
        switch (entry)
        {
            case EpisodeStarted episode:
                startedAt ??= episode.At;
                break;
            case ActionEntry action:
                calls[action.TaskId] = action;
                break;
            case ResultEntry result:
                calls.Remove(result.TaskId);
                break;
            default:
                break;
        }
    }

    private void SendCall(ActionEntry call, ResultEntry result, DateTime now)
    {
        var failure = (result as TaskFailed)?.Failure ?? (result as SubOrchestrationFailed)?.Failure;
        var id = SpanIds.OfTask(instance.ExecutionId, call.TaskId);
        var span = call switch
        {
            TaskScheduled task => EngineTrace.Tag(EngineTrace.StartKnown($"activity:{task.Name}", ActivityKind.Client, self, id, call.At), "activity", task.Name, instance.InstanceId),
            SubOrchestrationCreated child => EngineTrace.Tag(EngineTrace.StartKnown($"orchestration:{child.Name}", ActivityKind.Client, self, id, call.At), "orchestration", child.Name, instance.InstanceId),
            TimerCreated timer => EngineTrace.Tag(EngineTrace.StartKnown($"orchestration:{instance.Name}:timer", ActivityKind.Internal, self, id, call.At), "timer", instance.Name, instance.InstanceId)
                ?.SetTag("durabletask.fire_at", timer.FireAt.ToString("O", CultureInfo.InvariantCulture)),
            _ => null,
        };
        span?.SetTag("durabletask.task.task_id", call.TaskId).End(now, failure);
    }
}
