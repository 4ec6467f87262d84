namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>The tables of the broker, as steps from one version (<c>user_version</c> of the file) to the next. A step is never changed once released.</summary>
internal static class BrokerSchema
{
    /// <summary>Statements that lead from version N (the index) to N + 1.</summary>
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counters VALUES ('sequence', 0);
        CREATE TABLE queues (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            lock_ms INTEGER NOT NULL, max_delivery_count INTEGER NOT NULL, ttl_ms INTEGER NOT NULL, dead_letter_expired INTEGER NOT NULL,
            duplicate_detection INTEGER NOT NULL, duplicate_window_ms INTEGER NOT NULL);
        CREATE TABLE rules (queue INTEGER NOT NULL, key_name TEXT NOT NULL, primary_key TEXT NOT NULL, secondary_key TEXT NOT NULL,
            rights INTEGER NOT NULL, PRIMARY KEY (queue, key_name)) WITHOUT ROWID;
        CREATE TABLE messages (queue INTEGER NOT NULL, box INTEGER NOT NULL, seq INTEGER NOT NULL, body INTEGER NOT NULL,
            delivery_count INTEGER NOT NULL, enqueued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, due_at INTEGER,
            reason TEXT, description TEXT, PRIMARY KEY (queue, box, seq)) WITHOUT ROWID;
        CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
        CREATE TABLE bodies (id INTEGER PRIMARY KEY, ttl_ms INTEGER, annotations BLOB, payload BLOB NOT NULL);
        CREATE TABLE duplicates (queue INTEGER NOT NULL, message_id TEXT NOT NULL, seen_at INTEGER NOT NULL,
            PRIMARY KEY (queue, message_id)) WITHOUT ROWID;
        CREATE INDEX duplicates_seen ON duplicates (queue, seen_at);
        """,
    ];
}
