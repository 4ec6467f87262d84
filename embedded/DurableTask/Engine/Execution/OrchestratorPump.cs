using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>
/// Runs orchestrator code on the calling thread until it has nothing more to do. Continuations that other threads post
/// come from awaiting something that is not durable; they are refused.
/// </summary>
internal sealed class OrchestratorPump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> queue = new();
    private int owner;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId == Volatile.Read(ref owner))
        {
            queue.Enqueue((d, state));
        }
    }

    /// <summary>Code that awaited something that is not durable comes back on another thread; what it did there could not be replayed.</summary>
    /// <exception cref="InvalidOperationException">The caller is not the orchestrator's thread.</exception>
    public void ThrowIfElsewhere()
    {
        if (Environment.CurrentManagedThreadId != Volatile.Read(ref owner))
        {
            throw new InvalidOperationException(
                $"Orchestrator code ran on a thread of its own. Await only tasks of {nameof(TaskOrchestrationContext)}, and never with ConfigureAwait(false).");
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref owner, Environment.CurrentManagedThreadId);
        try
        {
            action();
            while (queue.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            Volatile.Write(ref owner, 0);
            SetSynchronizationContext(before);
        }
    }
}
