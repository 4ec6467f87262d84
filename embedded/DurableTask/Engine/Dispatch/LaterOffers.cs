using System.Collections.Concurrent;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Instances whose step could not be done now. They come back to the ready queue after a pause, and hold no worker meanwhile.</summary>
internal sealed class LaterOffers(HubParts hub)
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPauseAfterFault = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, int> faults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> waiting = new(StringComparer.Ordinal);

    /// <summary>The step failed: tried again after a second, then after twice as long each time, up to a minute.</summary>
    public void AddAfterFault(string instanceId, CancellationToken ct)
    {
        var earlier = faults.AddOrUpdate(instanceId, 0, (_, count) => Math.Min(count + 1, 6));
        var pause = PauseAfterFault * (1 << earlier);
        Add(instanceId, pause < LongestPauseAfterFault ? pause : LongestPauseAfterFault, ct);
    }

    /// <summary>This worker does not take it: asked again after five seconds.</summary>
    public void AddAfterRefusal(string instanceId, CancellationToken ct) => Add(instanceId, PauseAfterRefusal, ct);

    /// <summary>A step of it was done.</summary>
    public void Forget(string instanceId) => faults.TryRemove(instanceId, out _);

    private void Add(string instanceId, TimeSpan pause, CancellationToken ct)
    {
        if (waiting.TryAdd(instanceId, true))
        {
            _ = AddAfterAsync(instanceId, pause, ct);
        }
    }

    private async Task AddAfterAsync(string instanceId, TimeSpan pause, CancellationToken ct)
    {
        await Task.Delay(pause, hub.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        waiting.TryRemove(instanceId, out _);
        hub.Ready.Add(instanceId);
    }
}
