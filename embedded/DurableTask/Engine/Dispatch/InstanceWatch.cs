using System.Collections.Concurrent;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceWatch
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> watches = new(StringComparer.Ordinal);

    public int Count => watches.Count;

    /// <summary>Ends at the next change. Ask for it before reading the state, so that no change is missed.</summary>
    public Task NextChange(string instanceId) =>
        watches.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (watches.TryRemove(instanceId, out var watch))
        {
            watch.SetResult();
        }
    }

    /// <summary>Forgets a watch that nobody else can be waiting on, for an instance that does not exist.</summary>
    public void Forget(string instanceId) => Changed(instanceId);
}
