using System.Collections.Concurrent;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>The queues by name. Names are compared without regard to case, as Service Bus does.</summary>
internal sealed class QueueCatalog(BrokerStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, QueueEntity> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<long, QueueEntity> byId = new();
    private readonly SemaphoreSlim changes = new(1, 1);

    public IReadOnlyList<QueueEntity> All => [.. byName.Values.OrderBy(queue => queue.Name, StringComparer.OrdinalIgnoreCase)];

    public void Load()
    {
        foreach (var (id, name, settings) in store.Reader.Queues())
            Add(id, name, settings);
    }

    public QueueEntity? Find(string name) => byName.GetValueOrDefault(name);

    public QueueEntity? Find(long id) => byId.GetValueOrDefault(id);

    public QueueEntity Get(string name) => Find(name) ?? throw new QueueNotFoundException(name);

    public async Task<bool> CreateAsync(string name, QueueSettings settings, CancellationToken cancellationToken)
    {
        QueueName.Check(name);
        await changes.WaitAsync(cancellationToken);
        try
        {
            if (Find(name) is not null)
                return false;
            var id = 0L;
            await store.Write(new ChangeOperation(session =>
            {
                using var insert = session.Once("INSERT INTO queues VALUES (NULL, $1, $2, $3, $4, $5, $6, $7) RETURNING id", 7);
                id = (long)insert.Scalar([name, .. Columns(settings)])!;
                SaveRules(session, id, settings);
            })).Done;
            Add(id, name, settings);
            return true;
        }
        finally
        {
            changes.Release();
        }
    }

    public async Task UpdateAsync(string name, QueueSettings settings, CancellationToken cancellationToken)
    {
        await changes.WaitAsync(cancellationToken);
        try
        {
            var queue = Get(name);
            await store.Write(new ChangeOperation(
                session =>
                {
                    using var update = session.Once("""
                        UPDATE queues SET lock_ms = $2, max_delivery_count = $3, ttl_ms = $4, dead_letter_expired = $5,
                        duplicate_detection = $6, duplicate_window_ms = $7 WHERE id = $1
                        """, 7);
                    update.Execute([queue.Id, .. Columns(settings)]);
                    SaveRules(session, queue.Id, settings);
                },
                () => queue.Change(settings))).Done;
        }
        finally
        {
            changes.Release();
        }
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await changes.WaitAsync(cancellationToken);
        try
        {
            if (Find(name) is not { } queue)
                return false;
            byName.TryRemove(queue.Name, out _);
            byId.TryRemove(queue.Id, out _);
            await store.Write(new ChangeOperation(
                session =>
                {
                    foreach (var sql in (string[])[
                        "DELETE FROM bodies WHERE id IN (SELECT body FROM messages WHERE queue = $1)",
                        "DELETE FROM messages WHERE queue = $1", "DELETE FROM duplicates WHERE queue = $1",
                        "DELETE FROM rules WHERE queue = $1", "DELETE FROM queues WHERE id = $1"])
                    {
                        using var delete = session.Once(sql, 1);
                        delete.Execute(queue.Id);
                    }
                },
                queue.MarkDeleted)).Done;
            queue.Dispose();
            return true;
        }
        finally
        {
            changes.Release();
        }
    }

    public void Dispose()
    {
        foreach (var queue in byName.Values)
            queue.Dispose();
        changes.Dispose();
    }

    private void Add(long id, string name, QueueSettings settings)
    {
        var queue = new QueueEntity(id, name, settings, store);
        byId[id] = queue;
        byName[name] = queue;
    }

    private static object?[] Columns(QueueSettings settings) =>
    [
        Clock.ToMilliseconds(settings.LockDuration), (long)settings.MaxDeliveryCount, Clock.ToMilliseconds(settings.DefaultTimeToLive),
        settings.DeadLetterOnExpiration ? 1L : 0L, settings.RequiresDuplicateDetection ? 1L : 0L,
        Clock.ToMilliseconds(settings.DuplicateDetectionWindow),
    ];

    private static void SaveRules(StoreSession session, long queue, QueueSettings settings)
    {
        using var clear = session.Once("DELETE FROM rules WHERE queue = $1", 1);
        clear.Execute(queue);
        using var insert = session.Once("INSERT INTO rules VALUES ($1, $2, $3, $4, $5)", 5);
        foreach (var rule in settings.Rules)
            insert.Execute(queue, rule.KeyName, rule.PrimaryKey, rule.SecondaryKey, (long)rule.Rights);
    }
}
