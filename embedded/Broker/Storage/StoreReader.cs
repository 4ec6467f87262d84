using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>Reads committed state on a connection of its own. Thread-safe.</summary>
internal sealed class StoreReader : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly Statement content, page, peek, counts, queues, rules;
    private bool closed;

    public StoreReader(SqliteConnection connection)
    {
        this.connection = connection;
        content = new(connection, """
            SELECT b.ttl_ms, b.annotations, b.payload, m.reason, m.description FROM messages m JOIN bodies b ON b.id = m.body
            WHERE m.queue = $1 AND m.box = $2 AND m.seq = $3
            """, 3);
        const string headers = "SELECT seq, body, delivery_count, enqueued_at, expires_at FROM messages ";
        page = new(connection, headers + "WHERE queue = $1 AND box = $2 AND seq > $3 ORDER BY seq LIMIT $4", 4);
        peek = new(connection, headers + "WHERE queue = $1 AND box IN ($2, $3) AND seq >= $4 ORDER BY seq LIMIT $5", 5);
        counts = new(connection, "SELECT box, COUNT(*), MAX(seq) FROM messages WHERE queue = $1 GROUP BY box", 1);
        queues = new(connection, "SELECT id, name, lock_ms, max_delivery_count, ttl_ms, dead_letter_expired, duplicate_detection, duplicate_window_ms FROM queues", 0);
        rules = new(connection, "SELECT key_name, primary_key, secondary_key, rights FROM rules WHERE queue = $1", 1);
    }

    /// <summary>The content of one message, or null when it is gone.</summary>
    public StoredContent? Content(long queue, Box box, long sequence)
    {
        lock (gate)
        {
            if (closed)
                return null;
            using var row = content.Read(queue, (long)box, sequence);
            if (!row.Read())
                return null;
            return new(
                row.IsDBNull(0) ? null : row.GetInt64(0),
                row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1),
                row.GetFieldValue<byte[]>(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4));
        }
    }

    public List<Entry> Page(long queue, Box box, long after, int limit)
    {
        lock (gate)
            return closed ? [] : Entries(page.Read(queue, (long)box, after, (long)limit));
    }

    public List<Entry> Peek(long queue, Box box, Box alsoBox, long from, int limit)
    {
        lock (gate)
            return closed ? [] : Entries(peek.Read(queue, (long)box, (long)alsoBox, from, (long)limit));
    }

    public Dictionary<Box, (long Count, long Last)> Counts(long queue)
    {
        lock (gate)
        {
            var result = new Dictionary<Box, (long, long)>();
            using var rows = counts.Read(queue);
            while (rows.Read())
                result[(Box)rows.GetInt64(0)] = (rows.GetInt64(1), rows.GetInt64(2));
            return result;
        }
    }

    public List<(long Id, string Name, QueueSettings Settings)> Queues()
    {
        lock (gate)
        {
            var result = new List<(long, string, QueueSettings)>();
            using var rows = queues.Read();
            while (rows.Read())
            {
                var id = rows.GetInt64(0);
                result.Add((id, rows.GetString(1), new QueueSettings
                {
                    LockDuration = TimeSpan.FromMilliseconds(rows.GetInt64(2)),
                    MaxDeliveryCount = rows.GetInt32(3),
                    DefaultTimeToLive = Clock.ToTimeSpan(rows.GetInt64(4)),
                    DeadLetterOnExpiration = rows.GetBoolean(5),
                    RequiresDuplicateDetection = rows.GetBoolean(6),
                    DuplicateDetectionWindow = TimeSpan.FromMilliseconds(rows.GetInt64(7)),
                    Rules = Rules(id),
                }));
            }
            return result;
        }
    }

    /// <summary>What is asked for afterwards is not there: the broker is stopping.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            foreach (var statement in (Statement[])[content, page, peek, counts, queues, rules])
                statement.Dispose();
            connection.Dispose();
        }
    }

    private List<QueueRule> Rules(long queue)
    {
        var result = new List<QueueRule>();
        using var rows = rules.Read(queue);
        while (rows.Read())
            result.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), (AccessRights)rows.GetInt32(3)));
        return result;
    }

    private static List<Entry> Entries(SqliteDataReader rows)
    {
        using (rows)
        {
            var result = new List<Entry>();
            while (rows.Read())
            {
                result.Add(new Entry
                {
                    Sequence = rows.GetInt64(0),
                    Body = rows.GetInt64(1),
                    DeliveryCount = rows.GetInt32(2),
                    EnqueuedAt = rows.GetInt64(3),
                    ExpiresAt = rows.GetInt64(4),
                });
            }
            return result;
        }
    }
}
