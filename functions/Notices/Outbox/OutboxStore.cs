using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Notices.Outbox;

/// <summary>
/// What has to be told, kept until it is. An occasion is written before the state that it tells of, under a key of its own, so that neither a
/// stop between the two nor a repeat of either loses it or tells it twice.
/// </summary>
internal sealed class OutboxStore(IStateStore store, TimeProvider time) : IDisposable
{
    private const string Occasions = "outbox";
    private const string Pending = "outbox-pending";
    private const string Sent = "outbox-sent";

    private static readonly TimeSpan SentKept = TimeSpan.FromDays(2);

    private readonly SemaphoreSlim news = new(0, 1);

    public void Dispose() => news.Dispose();

    /// <summary>A deployment is about to reach this status.</summary>
    public Task AnnounceAsync(Deployment deployment, CancellationToken ct) => AddAsync($"{deployment.Id}-{deployment.Status.Name()}", new Occasion
    {
        DeploymentId = deployment.Id,
        Status = deployment.Status,
        At = time.GetUtcNow(),
    }, ct);

    /// <summary>A notice is due. The same id is told once.</summary>
    public Task AnnounceAsync(Notice notice, CancellationToken ct) => AddAsync(notice.Id, new Occasion { Notice = notice, At = time.GetUtcNow() }, ct);

    /// <summary>Returns when something was announced in this process, or after a while.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken ct) => news.WaitAsync(atMost, ct);

    public Task<IReadOnlyList<Versioned<Occasion>>> OccasionsAsync(CancellationToken ct) => store.ListAllAsync(Occasions, "", NoticesJson.Default.Occasion, ct);

    public Task RemoveAsync(Versioned<Occasion> occasion, CancellationToken ct) => store.DeleteAsync(Occasions, occasion.Key, null, ct);

    /// <summary>Puts a delivery into the queue, unless it is there or was made.</summary>
    public async Task QueueAsync(string key, PendingDelivery delivery, CancellationToken ct)
    {
        if (await store.GetAsync(Sent, key, ct) is null)
        {
            await store.InsertAsync(Pending, key, delivery, NoticesJson.Default.PendingDelivery, ct);
        }
    }

    /// <summary>Deliveries that may be tried now.</summary>
    public async Task<IReadOnlyList<Versioned<PendingDelivery>>> DueAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Pending, "", NoticesJson.Default.PendingDelivery, ct)).Where(d => d.Value.NextAt <= time.GetUtcNow())];

    /// <summary>Writes a delivery back; its new version, or null when another process has it.</summary>
    public async Task<Versioned<PendingDelivery>?> ReplaceAsync(Versioned<PendingDelivery> delivery, PendingDelivery changed, CancellationToken ct) =>
        await store.ReplaceAsync(Pending, delivery.Key, changed, delivery.ETag, NoticesJson.Default.PendingDelivery, ct) is { } version ? new(delivery.Key, changed, version) : null;

    /// <summary>Ends a delivery that was made or given up.</summary>
    public async Task EndAsync(Versioned<PendingDelivery> delivery, string? error, CancellationToken ct)
    {
        await store.UpsertAsync(Sent, delivery.Key, new SentDelivery(time.GetUtcNow(), error), NoticesJson.Default.SentDelivery, ct);
        await store.DeleteAsync(Pending, delivery.Key, null, ct);
    }

    /// <summary>Forgets what was sent some days ago.</summary>
    public async Task PurgeAsync(CancellationToken ct)
    {
        foreach (var old in (await store.ListAllAsync(Sent, "", NoticesJson.Default.SentDelivery, ct)).Where(s => s.Value.At + SentKept < time.GetUtcNow()))
        {
            await store.DeleteAsync(Sent, old.Key, null, ct);
        }
    }

    private async Task AddAsync(string key, Occasion occasion, CancellationToken ct)
    {
        await store.InsertAsync(Occasions, key, occasion, NoticesJson.Default.Occasion, ct);
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }
}
