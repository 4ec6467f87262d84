using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>
/// One orchestrator in flight: fed with history entries, it runs the user's code and collects the actions that the code causes.
/// Not safe for concurrent use; the dispatcher runs one step of an instance at a time.
/// </summary>
internal sealed class OrchestrationExecution
{
    private readonly OrchestrationIdentity identity;
    private readonly ITaskOrchestrator orchestrator;
    private readonly EngineContext engine;
    private readonly OrchestratorPump pump = new();
    private readonly OrchestrationContext context;
    private Task<object?>? main;
    private bool aborted;

    public OrchestrationExecution(OrchestrationIdentity identity, ITaskOrchestrator orchestrator, EngineContext engine)
    {
        this.identity = identity;
        this.orchestrator = orchestrator;
        this.engine = engine;
        context = new OrchestrationContext(identity, engine, pump);
    }

    /// <summary>How the orchestrator ended; null while it has not.</summary>
    public ExecutionCompleted? Completion { get; private set; }

    /// <summary>The exception behind a failed end, for the log; null for any other end.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>Set when the orchestrator ended by starting over.</summary>
    public NextExecution? StartsOver => Completion is { Status: OrchestrationRuntimeStatus.Completed } ? context.StartsOver : null;

    /// <summary>Custom status as text; null when none was set.</summary>
    public string? CustomStatus => context.CustomStatus;

    /// <summary>Events that arrived and that the orchestrator did not take.</summary>
    public IEnumerable<(string Name, string? Input)> TakeUnconsumedEvents() => context.Events.TakeUnconsumed();

    /// <summary>Timers the code gave up since the last call.</summary>
    public IReadOnlyList<int> TakeCanceledTimers() => context.Actions.TakeCanceledTimers();

    /// <summary>Replays what happened before.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code does not do what the history says.</exception>
    public void Replay(IEnumerable<HistoryEntry> history)
    {
        context.Replaying = true;
        foreach (var entry in history)
        {
            if (entry is EpisodeStarted)
            {
                context.Actions.ThrowIfUnconfirmed();
            }

            Apply(entry);
        }

        if (Completion is null)
        {
            context.Actions.ThrowIfUnconfirmed();
        }

        context.Actions.TakeCanceledTimers();
        context.Replaying = false;
    }

    /// <summary>Feeds new entries and returns the actions that the code causes, in their order.</summary>
    public IReadOnlyList<ActionEntry> Advance(IEnumerable<HistoryEntry> entries)
    {
        foreach (var entry in entries)
        {
            Apply(entry);
        }

        CompleteIfEnded();
        if (main is { IsCompleted: false } && Completion is null && !context.WaitsForSomething)
        {
            Fail(new InvalidOperationException(
                $"Orchestrator '{identity.Name}' awaits something that is not durable. Await only tasks of {nameof(TaskOrchestrationContext)}, and never with ConfigureAwait(false)."));
        }

        var actions = context.Actions.TakePending();
        return aborted ? [] : actions;
    }

    /// <summary>Ends the execution with a failure that is not the code's own.</summary>
    public void Fail(Exception failure)
    {
        Completion ??= Failed(failure);
        aborted = true;
    }

    private ExecutionCompleted Failed(Exception failure)
    {
        Cause = failure;
        var details = engine.Failures.Read(failure);
        return new(OrchestrationRuntimeStatus.Failed, null, failure switch
        {
            NonDeterministicOrchestrationException => details with { ErrorType = NonDeterministicOrchestrationException.PublicName },
            Dispatch.TaskNotFoundException missing => details with { ErrorType = missing.ErrorType },
            _ => details,
        });
    }

    private void Apply(HistoryEntry entry)
    {
        if (Completion is not null)
        {
            return;
        }

        switch (entry)
        {
            case EpisodeStarted episode:
                context.Now = episode.At;
                break;
            case ExecutionStarted started:
                pump.Run(() => Start(started.Input));
                break;
            case ActionEntry action:
                context.Actions.Confirm(action, main is { IsCompleted: true } ? "the end" : "nothing");
                break;
            case ResultEntry result:
                pump.Run(() => context.Actions.End(result));
                break;
            case EventRaised raised when main is { IsCompleted: true } && context.StartsOver is not null:
                context.Events.Keep(raised.Name, raised.Input); // For the next execution.
                break;
            case EventRaised raised:
                pump.Run(() => context.Events.Deliver(raised.Name, raised.Input));
                break;
            case ExecutionTerminated terminated:
                Completion = new(OrchestrationRuntimeStatus.Terminated, terminated.Output, null);
                aborted = true;
                break;
            case ExecutionCompleted completed:
                Completion = completed;
                break;
            default:
                break; // Suspension holds back entries; the code does not see it.
        }
    }

    private void Start(string? input)
    {
        object? value;
        try
        {
            value = engine.Converter.Deserialize(input, orchestrator.InputType);
        }
        catch (Exception e)
        {
            main = Task.FromException<object?>(e);
            return;
        }

        context.SetInput(value, input);
        try
        {
            main = orchestrator.RunAsync(context, value);
        }
        catch (Exception e)
        {
            main = Task.FromException<object?>(e);
        }
    }

    /// <summary>
    /// As in the public runtime (TaskOrchestrationExecutor): looked at once all that came is applied, and code that returned, failed or
    /// starts over is held until every timer, activity and sub-orchestration it left open has ended.
    /// </summary>
    private void CompleteIfEnded()
    {
        if (Completion is not null || main is not { IsCompleted: true } || context.Actions.AnyOpen)
        {
            return;
        }

        try
        {
            var output = main.GetAwaiter().GetResult();
            Completion = new(OrchestrationRuntimeStatus.Completed, engine.Converter.Serialize(output), null);
        }
        catch (Exception e)
        {
            Completion = Failed(e);
        }
    }
}
