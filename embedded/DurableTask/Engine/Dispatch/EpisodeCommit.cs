using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Execution;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Engine.Tracing;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>
/// Everything one step changes, written in one transaction: history, inbox, activities, timers, messages to others, the instance's row.
/// The write may run twice, when another write of its group failed, so it takes nothing from the execution: that is done here, once.
/// </summary>
internal sealed class EpisodeCommit(InstanceRow instance, Episode episode, IReadOnlyList<HistoryEntry> entries, IReadOnlyList<ActionEntry> actions, OrchestrationExecution execution, int firstSequence, DateTime now)
{
    private readonly IReadOnlyList<int> canceled = execution.TakeCanceledTimers();
    private readonly (string Name, string? Input)[] unconsumed = execution.StartsOver is { PreserveUnprocessedEvents: true } ? [.. execution.TakeUnconsumedEvents()] : [];
    private EpisodeEffects effects = new();

    /// <summary>The status of the execution before lasts through the first step of one that started over, as in the public runtime.</summary>
    private string? CustomStatus => execution.CustomStatus ?? (firstSequence == 0 ? instance.CustomStatus : null);

    /// <summary>Of one that goes on. One that is to start later stays pending, whatever is sent to it before.</summary>
    private OrchestrationRuntimeStatus Status =>
        episode.Suspended ? OrchestrationRuntimeStatus.Suspended : episode.Started ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending;

    public EpisodeEffects Write(HubConnection hub)
    {
        effects = new EpisodeEffects();
        if (hub.Scalar("SELECT 1 FROM instances WHERE instance_id = $1 AND execution_id = $2", instance.InstanceId, instance.ExecutionId) is null)
        {
            // Replaced or purged while the step ran: nothing of it counts. What is in the inbox belongs to the successor.
            effects.Ready.Add(instance.InstanceId);
            return effects;
        }

        foreach (var id in episode.Consumed)
        {
            hub.Execute("DELETE FROM inbox WHERE id = $1", id);
        }

        foreach (var action in actions)
        {
            Carry(hub, action);
        }

        foreach (var taskId in canceled)
        {
            hub.Execute("DELETE FROM timers WHERE instance_id = $1 AND execution_id = $2 AND task_id = $3", instance.InstanceId, instance.ExecutionId, taskId);
        }

        if (execution.StartsOver is { } next)
        {
            StartOver(hub, next);
            return effects;
        }

        Append(hub, [.. entries, .. actions, .. execution.Completion is { } end ? [end with { At = now }] : Array.Empty<HistoryEntry>()]);
        if (execution.Completion is { } completion)
        {
            hub.EndInstance(instance.InstanceId, completion, CustomStatus, now);
            TellParent(hub, completion);
        }
        else
        {
            hub.UpdateStatus(instance.InstanceId, Status, CustomStatus, now);
        }

        return effects;
    }

    private void Append(HubConnection hub, IReadOnlyList<HistoryEntry> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            hub.Execute("INSERT INTO history (instance_id, seq, entry) VALUES ($1, $2, $3)", instance.InstanceId, firstSequence + i, HistoryJson.Write(lines[i]));
        }
    }

    private void Carry(HubConnection hub, ActionEntry action)
    {
        switch (action)
        {
            case TaskScheduled call:
                effects.Activities.Add((long)hub.Scalar(
                    "INSERT INTO activities (instance_id, execution_id, task_id, name, version, input, trace_parent) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                    instance.InstanceId, instance.ExecutionId, call.TaskId, call.Name, call.Version, call.Input, SpanIds.ContextOfTask(instance, call.TaskId))!);
                break;
            case TimerCreated timer when !canceled.Contains(timer.TaskId):
                hub.InsertTimer(instance.InstanceId, instance.ExecutionId, timer.TaskId, timer.FireAt);
                effects.NoteTimer(timer.FireAt);
                break;
            case SubOrchestrationCreated child:
                StartChild(hub, child);
                break;
            case EventSent sent when hub.Deliver(sent.InstanceId, new EventRaised(sent.Name, sent.Input) { At = now }):
                effects.Ready.Add(sent.InstanceId);
                break;
            default:
                break;
        }
    }

    private void StartChild(HubConnection hub, SubOrchestrationCreated child)
    {
        if (hub.FindInstance(child.InstanceId) is { } existing)
        {
            if (!existing.Ended)
            {
                var failure = new TaskFailureDetails(typeof(InvalidOperationException).FullName!, $"An orchestration with the instance id '{child.InstanceId}' exists already.", null, null, null);
                hub.DeliverResult(instance.InstanceId, instance.ExecutionId, new SubOrchestrationFailed(child.TaskId, failure) { At = now });
                effects.Ready.Add(instance.InstanceId);
                return;
            }

            hub.RemoveInstance(child.InstanceId);
        }

        hub.InsertInstance(new InstanceRow
        {
            InstanceId = child.InstanceId,
            ExecutionId = Guid.NewGuid().ToString("N"),
            Name = child.Name,
            Version = child.Version,
            Status = OrchestrationRuntimeStatus.Pending,
            CreatedAt = now,
            UpdatedAt = now,
            Input = child.Input,
            Tags = HistoryJson.Write(child.Tags),
            TraceParent = SpanIds.ContextOfTask(instance, child.TaskId),
            Parent = new ParentLink(instance.InstanceId, instance.ExecutionId, child.TaskId, instance.Name),
        });
        hub.AddToInbox(child.InstanceId, null, new ExecutionStarted(child.Input) { At = now }, Statements.First);
        effects.Ready.Add(child.InstanceId);
        effects.Created.Add(child.InstanceId);
    }

    private void TellParent(HubConnection hub, ExecutionCompleted end)
    {
        if (instance.Parent is not { } parent)
        {
            return;
        }

        HistoryEntry result = end.Status == OrchestrationRuntimeStatus.Completed
            ? new SubOrchestrationCompleted(parent.TaskId, end.Output) { At = now }
            : new SubOrchestrationFailed(parent.TaskId, end.Failure ?? SubOrchestrationFailed.Terminated(instance.InstanceId, end.Output)) { At = now, NonRetriable = end.Failure?.ErrorType is TaskNotFound.Orchestrator or TaskNotFound.VersionMismatch };
        if (hub.DeliverResult(parent.InstanceId, parent.ExecutionId, result))
        {
            effects.Ready.Add(parent.InstanceId);
        }
    }

    private void StartOver(HubConnection hub, NextExecution next)
    {
        hub.Execute("DELETE FROM history WHERE instance_id = $1", instance.InstanceId);
        hub.Execute("DELETE FROM timers WHERE instance_id = $1", instance.InstanceId);
        hub.Execute(
            "UPDATE instances SET execution_id = $2, input = $3, version = $4, custom_status = $5, updated_at = $6, status = $7 WHERE instance_id = $1",
            instance.InstanceId, Guid.NewGuid().ToString("N"), next.Input, next.Version, CustomStatus, now.Ticks, (int)Status);
        hub.AddToInbox(instance.InstanceId, null, new ExecutionStarted(next.Input) { At = now }, Statements.First);
        foreach (var (name, payload) in unconsumed)
        {
            hub.AddToInbox(instance.InstanceId, null, new EventRaised(name, payload) { At = now }, Statements.CarriedOver);
        }

        effects.Ready.Add(instance.InstanceId);
    }
}

/// <summary>What is to be done in memory once a step is on disk.</summary>
internal sealed class EpisodeEffects
{
    public List<long> Activities { get; } = [];

    public List<string> Ready { get; } = [];

    public List<string> Created { get; } = [];

    public DateTime? EarliestTimer { get; private set; }

    public void NoteTimer(DateTime fireAt) => EarliestTimer = EarliestTimer is { } earlier && earlier < fireAt ? earlier : fireAt;
}
