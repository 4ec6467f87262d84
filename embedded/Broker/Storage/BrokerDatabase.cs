using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>The SQLite file: creates it, checks it, and opens connections to it.</summary>
internal sealed class BrokerDatabase : IDisposable
{
    // "VPSB": marks the file as the broker's own, so that another database is never overwritten.
    private const int ApplicationId = 0x56505342;

    /// <summary>The schema that this program knows (<c>user_version</c> of the file).</summary>
    public const int SchemaVersion = 1;

    private const string Schema = """
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
        """;

    private readonly string path;
    private readonly FileStream instanceLock;

    private BrokerDatabase(string path, FileStream instanceLock)
    {
        this.path = path;
        this.instanceLock = instanceLock;
    }

    /// <exception cref="BrokerDatabaseException">The file cannot be served.</exception>
    public static BrokerDatabase Open(string path)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var database = new BrokerDatabase(path, Lock(path));
        try
        {
            if (!File.Exists(path))
                Create(path);
            database.Check();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public SqliteConnection Connect(bool readOnly)
    {
        var connection = Connect(path, readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite);
        Execute(connection, readOnly ? "PRAGMA cache_size = -4000" : "PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000");
        return connection;
    }

    public void Dispose() => instanceLock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new BrokerDatabaseException($"The broker database '{path}' is in use by another process.", e);
        }
    }

    // The file gets its name only when it is whole, so that an empty file always means a loss.
    private static void Create(string path)
    {
        var unfinished = path + ".new";
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(unfinished + suffix);
        using (var connection = Connect(unfinished, SqliteOpenMode.ReadWriteCreate))
        {
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, $"BEGIN; {Schema} PRAGMA application_id = {Text(ApplicationId)}; PRAGMA user_version = {Text(SchemaVersion)}; COMMIT");
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)");
        }
        File.Move(unfinished, path);
    }

    private void Check()
    {
        if (new FileInfo(path).Length == 0)
            throw new BrokerDatabaseException($"The broker database '{path}' is empty: its content was lost. Restore a backup, or delete the file to start with no queues.");
        try
        {
            using var connection = Connect(path, SqliteOpenMode.ReadWrite);
            if (Number(connection, "PRAGMA application_id") != ApplicationId)
                throw new BrokerDatabaseException($"'{path}' is not a broker database.");
            if (Number(connection, "PRAGMA user_version") is var version && version != SchemaVersion)
                throw new BrokerDatabaseException($"The broker database '{path}' has schema version {Text(version)}; this program knows version {Text(SchemaVersion)}.");
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            if (command.ExecuteScalar() is not "ok" and var finding)
                throw new BrokerDatabaseException($"The broker database '{path}' is corrupt: {finding}. Restore a backup.");
        }
        catch (SqliteException e)
        {
            throw new BrokerDatabaseException($"The broker database '{path}' is corrupt or cannot be read: {e.Message}", e);
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
