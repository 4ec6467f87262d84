using System.Collections.Concurrent;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceWatch
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> watches = new(StringComparer.Ordinal);

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
}
