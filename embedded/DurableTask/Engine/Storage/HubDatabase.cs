using Microsoft.Data.Sqlite;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>The one SQLite file of a task hub: opened by one process at a time, checked, and brought to the newest schema.</summary>
internal sealed class HubDatabase : IDisposable
{
    // "VPSH": marks the file as a task hub, so that another database is never written to.
    private const long ApplicationId = 0x56505348;

    private readonly string path;
    private readonly IReadOnlyList<string> steps;
    private readonly FileStream processLock;

    private HubDatabase(string path, IReadOnlyList<string> steps)
    {
        this.path = path;
        this.steps = steps;
        processLock = HubFault.Lock(path);
    }

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="steps">The schema as steps from version to version; null means <see cref="HubSchema.Steps"/>.</param>
    /// <exception cref="HubUnavailableException">It cannot be used: it is open in another process, lost its content, is damaged, is no task hub, or a newer program wrote it.</exception>
    public static HubDatabase Open(string path, IReadOnlyList<string>? steps = null)
    {
        path = Path.GetFullPath(path);
        var hub = new HubDatabase(path, steps ?? HubSchema.Steps);
        try
        {
            if (!File.Exists(path))
            {
                hub.Create();
            }

            if (new FileInfo(path).Length == 0)
            {
                throw new HubUnavailableException($"The task hub file {path} is empty: its content was lost. Restore it from a backup, or delete it to start empty.");
            }

            hub.Check();
            hub.Migrate();
            return hub;
        }
        catch (SqliteException e)
        {
            hub.Dispose();
            throw HubFault.Of(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            hub.Dispose();
            throw new HubUnavailableException($"The task hub file {path} cannot be made: {e.Message}", e);
        }
        catch
        {
            hub.Dispose();
            throw;
        }
    }

    /// <summary>A new connection. Commits are durable when they return: WAL with a sync at each commit.</summary>
    public SqliteConnection Connect() => Connect(path, SqliteOpenMode.ReadWrite);

    /// <inheritdoc />
    public void Dispose() => processLock.Dispose();

    /// <summary>The file gets its name only when it is whole, so that an empty file always means a loss.</summary>
    private void Create()
    {
        var unfinished = path + ".new";
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(unfinished + suffix);
        }

        using (var connection = Connect(unfinished, SqliteOpenMode.ReadWriteCreate))
        {
            StepFrom(connection, 0);
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        File.Move(unfinished, path);
    }

    private static SqliteConnection Plain(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = Plain(path, mode);
        try
        {
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -1024;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Each step is one transaction: a crash between two leaves a file of a version that the next start goes on from.</summary>
    private void StepFrom(SqliteConnection connection, int version)
    {
        for (; version < steps.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, steps[version]);
            Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}");
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

    /// <summary>Writes nothing: a file that is not ours, or no longer, is left as it is.</summary>
    private void Check()
    {
        using var connection = Plain(path, SqliteOpenMode.ReadWrite);
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok")
        {
            throw HubFault.Damaged(path, "its integrity check fails");
        }

        if (Scalar(connection, "PRAGMA application_id") is not ApplicationId && !IsUnmarkedHub(connection))
        {
            throw new HubUnavailableException($"The file {path} is no task hub: another program wrote it, or its content was lost. Move it away to start empty.");
        }
    }

    private void Migrate()
    {
        using var connection = Connect();
        var version = (int)(long)Scalar(connection, "PRAGMA user_version")!;
        if (version > steps.Count)
        {
            throw new HubUnavailableException($"The task hub file {path} has schema {version}; this program knows {steps.Count}. Use the newer program.");
        }

        StepFrom(connection, version);
        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
    }

    /// <summary>The first versions of the program did not mark their files.</summary>
    private static bool IsUnmarkedHub(SqliteConnection connection) =>
        Scalar(connection, "PRAGMA application_id") is 0L
        && Scalar(connection, "PRAGMA user_version") is > 0L
        && Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('instances', 'history', 'inbox', 'activities', 'timers')") is 5L;
}
