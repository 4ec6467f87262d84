using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>
/// External events of one orchestration: those that arrived and nobody took (first in, first out), and those that wait
/// (the most recent one is served first, so that an abandoned wait does not swallow an event).
/// </summary>
internal sealed class EventWaiters(DataConverter converter)
{
    private readonly Dictionary<string, Queue<string?>> arrived = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Stack<Waiter>> waiting = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the orchestrator waits for at least one event.</summary>
    public bool AnyWaiting => waiting.Values.Any(s => s.Any(w => !w.Ended));

    public Task<T> WaitAsync<T>(string name, CancellationToken token)
    {
        if (waiting.TryGetValue(name, out var others) && others.FirstOrDefault(w => !w.Ended) is { } other && other.Type != typeof(T))
        {
            throw new ArgumentException($"Events with the same name must have the same type argument. '{name}' is awaited as {other.Type.FullName}, now as {typeof(T).FullName}.", nameof(name));
        }

        var open = new OpenTask<T>(converter);
        if (arrived.TryGetValue(name, out var queue) && queue.TryDequeue(out var input))
        {
            open.Complete(input);
            return open.Task;
        }

        others ??= waiting[name] = new Stack<Waiter>();
        others.Push(new Waiter(typeof(T), open, open.Task));
        if (token.CanBeCanceled)
        {
            token.Register(() => open.Cancel(token));
        }

        return open.Task;
    }

    public void Deliver(string name, string? input)
    {
        while (waiting.TryGetValue(name, out var waiters) && waiters.TryPop(out var waiter))
        {
            if (!waiter.Ended)
            {
                waiter.Open.Complete(input);
                return;
            }
        }

        Keep(name, input);
    }

    /// <summary>Keeps an event for a later wait.</summary>
    public void Keep(string name, string? input)
    {
        if (!arrived.TryGetValue(name, out var queue))
        {
            arrived[name] = queue = new Queue<string?>();
        }

        queue.Enqueue(input);
    }

    /// <summary>Takes the events that nobody took.</summary>
    public IEnumerable<(string Name, string? Input)> TakeUnconsumed()
    {
        foreach (var (name, queue) in arrived)
        {
            while (queue.TryDequeue(out var input))
            {
                yield return (name, input);
            }
        }
    }

    private sealed record Waiter(Type Type, OpenTask Open, Task Task)
    {
        public bool Ended => Task.IsCompleted;
    }
}
