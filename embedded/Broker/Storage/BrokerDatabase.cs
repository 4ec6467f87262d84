using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>The SQLite file: creates it, checks it, and opens connections to it.</summary>
internal sealed class BrokerDatabase : IDisposable
{
    // "VPSB": marks the file as the broker's own, so that another database is never overwritten.
    private const int ApplicationId = 0x56505342;

    private readonly string path;
    private readonly IReadOnlyList<string> steps;
    private readonly FileStream instanceLock;

    private BrokerDatabase(string path, IReadOnlyList<string> steps)
    {
        this.path = path;
        this.steps = steps;
        instanceLock = Lock(path);
    }

    /// <summary>Opens or makes the file, and brings it to the newest schema.</summary>
    /// <param name="path">The file. Its folder is made.</param>
    /// <param name="steps">The schema as steps from version to version; null means <see cref="BrokerSchema.Steps"/>.</param>
    /// <exception cref="BrokerDatabaseException">The file cannot be served: it is open in another process, lost its content, is damaged, is not the broker's, or a newer program wrote it.</exception>
    public static BrokerDatabase Open(string path, IReadOnlyList<string>? steps = null)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var database = new BrokerDatabase(path, steps ?? BrokerSchema.Steps);
        try
        {
            if (!File.Exists(path))
                database.Create();
            database.Check();
            database.Migrate();
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw new BrokerDatabaseException($"The broker database '{path}' is corrupt or cannot be read: {e.Message}", e);
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
    private void Create()
    {
        if (File.Exists(path + "-wal"))
            throw new BrokerDatabaseException($"The broker database '{path}' is gone, but its log is there: its content was lost. Restore a backup, or delete '{path}-wal' to start with no queues.");
        var unfinished = path + ".new";
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(unfinished + suffix);
        using (var connection = Connect(unfinished, SqliteOpenMode.ReadWriteCreate))
        {
            Execute(connection, "PRAGMA synchronous = FULL");
            StepFrom(connection, 0);
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)");
        }
        File.Move(unfinished, path);
    }

    /// <summary>Writes nothing: a file that is not ours, or no longer, is left as it is.</summary>
    private void Check()
    {
        if (new FileInfo(path).Length == 0)
            throw new BrokerDatabaseException($"The broker database '{path}' is empty: its content was lost. Restore a backup, or delete the file to start with no queues.");
        using var connection = Connect(path, SqliteOpenMode.ReadWrite);
        if (Number(connection, "PRAGMA application_id") != ApplicationId)
            throw new BrokerDatabaseException($"'{path}' is not a broker database.");
        if (Version(connection) is var version && (version > steps.Count || version < 1))
            throw new BrokerDatabaseException($"The broker database '{path}' has schema version {Text(version)}; this program knows version {Text(steps.Count)}. Use the newer program.");
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is not "ok" and var finding)
            throw new BrokerDatabaseException($"The broker database '{path}' is corrupt: {finding}. Restore a backup.");
    }

    private void Migrate()
    {
        using var connection = Connect(readOnly: false);
        StepFrom(connection, Version(connection));
    }

    /// <summary>Each step is one transaction: a crash between two leaves a file of a version that the next start goes on from.</summary>
    private void StepFrom(SqliteConnection connection, long version)
    {
        for (; version < steps.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, $"{steps[(int)version]} PRAGMA application_id = {Text(ApplicationId)}; PRAGMA user_version = {Text(version + 1)}");
            transaction.Commit();
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static long Version(SqliteConnection connection) => Number(connection, "PRAGMA user_version");

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
