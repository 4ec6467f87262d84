using System.Collections.Concurrent;

namespace VpsPilot.Agent.Commands;

/// <summary>What changes one project happens one after the other, in the order it came; projects do not wait for each other.</summary>
internal sealed class ProjectLocks
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> locks = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn. Dispose the answer to let the next one in.</summary>
    public async Task<IDisposable> HoldAsync(string projectId, CancellationToken cancellationToken)
    {
        var gate = locks.GetOrAdd(projectId, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Held(gate);
    }

    private sealed class Held(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
