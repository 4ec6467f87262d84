using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>The write connection with its prepared statements. Used by the writer thread only.</summary>
internal sealed class StoreSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly List<Statement> statements = [];
    private readonly Statement begin, commit, rollBack, insertBody, insertMessage, saveSequence;
    private long sequence;
    private long savedSequence;

    public StoreSession(SqliteConnection connection)
    {
        this.connection = connection;
        begin = Prepare("BEGIN IMMEDIATE", 0);
        commit = Prepare("COMMIT", 0);
        rollBack = Prepare("ROLLBACK", 0);
        insertBody = Prepare("INSERT INTO bodies VALUES ($1, $2, $3, $4)", 4);
        insertMessage = Prepare("INSERT INTO messages VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", 10);
        saveSequence = Prepare("UPDATE counters SET value = $1 WHERE name = 'sequence'", 1);
        DeleteBody = Prepare("DELETE FROM bodies WHERE id = $1", 1);
        DeleteMessage = Prepare("DELETE FROM messages WHERE queue = $1 AND box = $2 AND seq = $3", 3);
        CountDelivery = Prepare("UPDATE messages SET delivery_count = $4 WHERE queue = $1 AND box = $2 AND seq = $3", 4);
        ReplacePayload = Prepare("UPDATE bodies SET payload = $2 WHERE id = $1", 2);
        SeenSince = Prepare("SELECT 1 FROM duplicates WHERE queue = $1 AND message_id = $2 AND seen_at > $3", 3);
        RememberId = Prepare("INSERT OR REPLACE INTO duplicates VALUES ($1, $2, $3)", 3);
        ForgetIds = Prepare("DELETE FROM duplicates WHERE queue = $1 AND seen_at <= $2", 2);
        SelectDue = Prepare("SELECT queue, seq, body, expires_at, due_at FROM messages WHERE due_at <= $1 ORDER BY due_at, seq LIMIT $2", 2);
        NextDue = Prepare("SELECT MIN(due_at) FROM messages WHERE due_at IS NOT NULL", 0);
        using var last = Prepare("SELECT value FROM counters WHERE name = 'sequence'", 0);
        sequence = savedSequence = (long)last.Scalar()!;
    }

    public Statement DeleteBody { get; }
    public Statement DeleteMessage { get; }
    public Statement CountDelivery { get; }
    public Statement ReplacePayload { get; }
    public Statement SeenSince { get; }
    public Statement RememberId { get; }
    public Statement ForgetIds { get; }
    public Statement SelectDue { get; }
    public Statement NextDue { get; }

    public void Begin() => begin.Execute();

    public void Commit()
    {
        // Numbers are never given twice, even when the message that had the highest is gone.
        if (sequence != savedSequence)
            saveSequence.Execute(sequence);
        commit.Execute();
        savedSequence = sequence;
    }

    public void RollBack()
    {
        try
        {
            rollBack.Execute();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (disk full, I/O error).
        }
    }

    public long NextSequence() => ++sequence;

    public void InsertBody(long id, NewMessage message) =>
        insertBody.Execute(id, message.TimeToLive, message.Annotations, message.Payload);

    public void InsertMessage(long queue, Box box, Entry entry, long? dueAt = null, string? reason = null, string? description = null) =>
        insertMessage.Execute(queue, (long)box, entry.Sequence, entry.Body, (long)entry.DeliveryCount, entry.EnqueuedAt, entry.ExpiresAt, dueAt, reason, description);

    /// <summary>A statement for a rare change, which the caller disposes of.</summary>
    public Statement Once(string sql, int parameters) => new(connection, sql, parameters);

    public void Dispose()
    {
        foreach (var statement in statements)
            statement.Dispose();
        connection.Dispose();
    }

    private Statement Prepare(string sql, int parameters)
    {
        var statement = new Statement(connection, sql, parameters);
        statements.Add(statement);
        return statement;
    }
}
