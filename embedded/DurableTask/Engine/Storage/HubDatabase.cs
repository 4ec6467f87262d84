using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>The one SQLite file of a task hub: opened by one process at a time, checked, and brought to the newest schema.</summary>
internal sealed class HubDatabase : IDisposable
{
    private readonly string path;
    private readonly FileStream processLock;

    private HubDatabase(string path, FileStream processLock)
    {
        this.path = path;
        this.processLock = processLock;
    }

    /// <summary>Opens or makes the file.</summary>
    /// <exception cref="HubUnavailableException">Another process has it open, it is damaged, or a newer program wrote it.</exception>
    public static HubDatabase Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var hub = new HubDatabase(path, Lock(path));
        try
        {
            using var connection = hub.Connect();
            hub.Check(connection);
            Migrate(connection, path);
            return hub;
        }
        catch (SqliteException e)
        {
            hub.Dispose();
            throw new HubUnavailableException($"The task hub file {path} is damaged: {e.Message} Restore it from a backup, or move it away to start empty.", e);
        }
        catch
        {
            hub.Dispose();
            throw;
        }
    }

    /// <summary>A new connection. Commits are durable when they return: WAL with a sync at each commit.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -1024;");
        return connection;
    }

    /// <inheritdoc />
    public void Dispose() => processLock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new HubUnavailableException($"The task hub {path} is open in another process. One process runs a task hub; stop the other one, or use another file.", e);
        }
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        var version = (int)(long)Scalar(connection, "PRAGMA user_version")!;
        if (version > HubSchema.Steps.Count)
        {
            throw new HubUnavailableException($"The task hub file {path} has schema {version}; this program knows {HubSchema.Steps.Count}. Use the newer program.");
        }

        for (; version < HubSchema.Steps.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, HubSchema.Steps[version]);
            Execute(connection, $"PRAGMA user_version = {version + 1}");
            transaction.Commit();
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void Check(SqliteConnection connection)
    {
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
        {
            throw new HubUnavailableException($"The task hub file {path} is damaged (its integrity check fails). Restore it from a backup, or move it away to start empty.");
        }
    }
}

/// <summary>The task hub cannot be opened; the message says why and what to do.</summary>
public sealed class HubUnavailableException : Exception
{
    /// <summary>An exception with a message.</summary>
    public HubUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and a cause.</summary>
    public HubUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception.</summary>
    public HubUnavailableException()
    {
    }
}
