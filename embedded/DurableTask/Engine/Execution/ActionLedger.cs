using Microsoft.DurableTask;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>
/// The actions an orchestrator caused: those that history has not confirmed yet, and those that have not ended.
/// At replay every action is confirmed by the entry of the same number, or the orchestrator is not deterministic.
/// </summary>
internal sealed class ActionLedger(string orchestrator)
{
    private readonly SortedDictionary<int, ActionEntry> pending = [];
    private readonly Dictionary<int, (OpenTask Task, string Name)> open = [];
    private readonly HashSet<int> endedEarly = [];
    private readonly List<int> canceledTimers = [];
    private int nextId;

    public bool AnyPending => pending.Count > 0;

    public bool AnyOpen => open.Count > 0;

    public int NextId() => nextId++;

    /// <summary>Adds an action; <paramref name="task"/> is null for one that nobody awaits.</summary>
    public void Add(ActionEntry action, OpenTask? task, string name)
    {
        pending.Add(action.TaskId, action);
        if (task is not null)
        {
            open.Add(action.TaskId, (task, name));
        }
    }

    /// <summary>The code gave a timer up.</summary>
    public void Cancel(int taskId)
    {
        if (open.Remove(taskId))
        {
            endedEarly.Add(taskId);
            canceledTimers.Add(taskId);
        }
    }

    /// <param name="expected">The entry of the history.</param>
    /// <param name="otherwise">What the code did in its place when it caused no action of that number.</param>
    public void Confirm(ActionEntry expected, string otherwise)
    {
        if (!pending.Remove(expected.TaskId, out var actual))
        {
            throw NonDeterministicOrchestrationException.At(orchestrator, expected.TaskId, expected.Step, otherwise);
        }

        if (!string.Equals(expected.Step, actual.Step, StringComparison.OrdinalIgnoreCase))
        {
            throw NonDeterministicOrchestrationException.At(orchestrator, expected.TaskId, expected.Step, actual.Step);
        }
    }

    public void ThrowIfUnconfirmed()
    {
        foreach (var (id, actual) in pending)
        {
            throw NonDeterministicOrchestrationException.At(orchestrator, id, "nothing", actual.Step);
        }
    }

    public void End(ResultEntry result)
    {
        if (!open.Remove(result.TaskId, out var ended))
        {
            if (result.TaskId >= nextId)
            {
                throw NonDeterministicOrchestrationException.At(orchestrator, result.TaskId, $"a result ({result.GetType().Name})", "nothing");
            }

            return; // A timer that was given up, or a result that came twice.
        }

        switch (result)
        {
            case TaskCompleted completed:
                ended.Task.Complete(completed.Result);
                break;
            case SubOrchestrationCompleted completed:
                ended.Task.Complete(completed.Result);
                break;
            case TimerFired:
                ended.Task.Complete(null);
                break;
            case TaskFailed failed:
                ended.Task.Fail(new TaskFailure(ended.Name, failed.TaskId, FailureProperties.FromText(failed.Failure), failed.NonRetriable));
                break;
            case SubOrchestrationFailed failed:
                ended.Task.Fail(new TaskFailure(ended.Name, failed.TaskId, FailureProperties.FromText(failed.Failure), failed.NonRetriable));
                break;
            default:
                throw new InvalidOperationException($"Unknown result {result.GetType()}.");
        }
    }

    public IReadOnlyList<ActionEntry> TakePending()
    {
        ActionEntry[] taken = [.. pending.Values];
        pending.Clear();
        return taken;
    }

    public IReadOnlyList<int> TakeCanceledTimers()
    {
        int[] taken = [.. canceledTimers];
        canceledTimers.Clear();
        return taken;
    }
}

/// <summary>A failed attempt, before the retry logic has decided whether the orchestrator sees it as a <see cref="TaskFailedException"/>.</summary>
internal sealed class TaskFailure(string name, int taskId, TaskFailureDetails details, bool nonRetriable) : Exception(details.ErrorMessage)
{
    public bool NonRetriable => nonRetriable;

    public TaskFailureDetails Details => details;

    public TaskFailedException ToPublic() => new(name, taskId, details);
}
