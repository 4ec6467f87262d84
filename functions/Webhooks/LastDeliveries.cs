using System.Collections.Concurrent;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Webhooks;

/// <summary>The last genuine delivery of a project's webhook, as stored and as the API shows it.</summary>
/// <param name="At">When it came, to the minute.</param>
/// <param name="Provider">Who sent it.</param>
/// <param name="Ignored">Why it started nothing; null for one that did.</param>
internal sealed record LastDelivery(DateTimeOffset At, string Provider, string? Ignored);

/// <summary>Remembers that a project's webhook works. Of deliveries that follow each other closely only the first is written, unless another one has another end.</summary>
internal sealed class LastDeliveries(IStateStore store, TimeProvider time)
{
    private const string Partition = "webhook-delivery";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, LastDelivery> noted = new(StringComparer.Ordinal);

    public async Task NoteAsync(string project, string provider, string? ignored, CancellationToken ct)
    {
        var now = new LastDelivery(time.GetUtcNow(), provider, ignored);
        if (!noted.TryGetValue(project, out var last) || last with { At = now.At } != now || now.At - last.At >= Interval)
        {
            noted[project] = now;
            await store.UpsertAsync(Partition, project, now, WebhooksJson.Default.LastDelivery, ct);
        }
    }

    /// <summary>Null while there was none.</summary>
    public async Task<LastDelivery?> OfAsync(string project, CancellationToken ct) => (await store.GetAsync(Partition, project, WebhooksJson.Default.LastDelivery, ct))?.Value;

    /// <summary>Forgets a project that is deleted.</summary>
    public Task DeleteAsync(string project, CancellationToken ct)
    {
        noted.TryRemove(project, out _);
        return store.DeleteAsync(Partition, project, null, ct);
    }
}
