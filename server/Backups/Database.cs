using Microsoft.Data.Sqlite;

namespace VpsPilot.Server.Backups;

/// <summary>One SQLite file, beside whoever else has it open.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>How long another process may hold it.</summary>
    private const int BusySeconds = 30;

    private readonly SqliteConnection connection;

    private Database(SqliteConnection connection) => this.connection = connection;

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static Database OpenForReading(string path) => Open(path, SqliteOpenMode.ReadWrite);

    /// <summary>Keeps writers waiting until <see cref="Release"/>; readers go on.</summary>
    public void HoldWriters() => Execute("BEGIN IMMEDIATE");

    public void Release() => Execute("ROLLBACK");

    /// <summary>From here on this connection sees the file as it is now, whatever is written.</summary>
    public void Fix()
    {
        Execute("BEGIN");
        Scalar("SELECT count(*) FROM sqlite_schema");
    }

    /// <summary>Writes what this connection sees to a new file, as one whole database.</summary>
    public void CopyTo(string file)
    {
        using var copy = Open(file, SqliteOpenMode.ReadWriteCreate);
        connection.BackupDatabase(copy.connection);
        // As the control plane has it. Closing it, as its only user, leaves one file and no log beside it.
        copy.Execute("PRAGMA journal_mode = WAL");
    }

    /// <summary>What an integrity check finds first; null: nothing.</summary>
    public string? Finding() => Scalar("PRAGMA integrity_check(1)") is string finding && finding != "ok" ? finding : null;

    /// <summary>The schema's version.</summary>
    public int Schema() => (int)(long)Scalar("PRAGMA user_version")!;

    public void Dispose() => connection.Dispose();

    private static Database Open(string path, SqliteOpenMode mode)
    {
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        opened.Open();
        var database = new Database(opened);
        database.Execute($"PRAGMA busy_timeout = {BusySeconds * 1000}");
        return database;
    }

    private void Execute(string sql) => Scalar(sql);

    private object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
