using System.Collections.Concurrent;
using System.Threading.Channels;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Instances with something in their inbox. An instance is handed out to one worker at a time, and again when something came meanwhile.</summary>
internal sealed class ReadyQueue
{
    private readonly ConcurrentDictionary<string, Standing> standing = new(StringComparer.Ordinal);
    private readonly Channel<string> queue = Channel.CreateUnbounded<string>();

    private enum Standing
    {
        Queued,
        Running,
        RunningWithMore,
    }

    public void Add(string instanceId)
    {
        var now = standing.AddOrUpdate(instanceId, Standing.Queued, (_, before) => before == Standing.Queued ? Standing.Queued : Standing.RunningWithMore);
        if (now == Standing.Queued)
        {
            // Written twice at worst: the second worker finds the instance taken and lets it go.
            queue.Writer.TryWrite(instanceId);
        }
    }

    public async ValueTask<string> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            var instanceId = await queue.Reader.ReadAsync(ct);
            if (standing.TryUpdate(instanceId, Standing.Running, Standing.Queued))
            {
                return instanceId;
            }
        }
    }

    /// <summary>Gives an instance back.</summary>
    public void Release(string instanceId)
    {
        if (standing.TryRemove(KeyValuePair.Create(instanceId, Standing.Running)))
        {
            return;
        }

        standing[instanceId] = Standing.Queued;
        queue.Writer.TryWrite(instanceId);
    }
}
