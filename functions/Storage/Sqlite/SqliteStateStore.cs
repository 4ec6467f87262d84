using Microsoft.Data.Sqlite;

namespace VpsPilot.Functions.Storage.Sqlite;

/// <summary>
/// State in one SQLite file (WAL, <c>synchronous=FULL</c>). Reads go to pooled connections; all writes go through one writer that commits
/// what waits in one transaction, so that many concurrent writes cost one flush to disk.
/// </summary>
internal sealed class SqliteStateStore : IStateStore, IAsyncDisposable
{
    private readonly string connectionString;
    private readonly SqliteStateWriter writer;
    private readonly SqliteStateReaders readers;

    /// <summary>Opens or makes the database.</summary>
    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    public SqliteStateStore(string file)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 30 }.ToString();
        writer = new SqliteStateWriter(SqliteStateSchema.Open(connectionString));
        readers = new SqliteStateReaders(connectionString);
    }

    public Task<StateDocument?> GetAsync(string partition, string key, CancellationToken ct)
    {
        StateLimits.CheckKey(partition);
        StateLimits.CheckKey(key);
        return Task.FromResult(readers.Get(partition, key) is { } found ? new StateDocument(key, found.Json, ETag(found.Version)) : null);
    }

    public Task<StatePage> ListAsync(string partition, string prefix, int limit, string? continuation, CancellationToken ct)
    {
        StateLimits.CheckKey(partition);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        using var connection = OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, json, etag FROM state WHERE partition = $partition AND key >= $prefix AND key < $end AND key > $after ORDER BY key LIMIT $limit";
        command.Parameters.AddWithValue("$partition", partition);
        command.Parameters.AddWithValue("$prefix", prefix);
        command.Parameters.AddWithValue("$end", prefix + '\uffff');
        command.Parameters.AddWithValue("$after", continuation ?? "");
        command.Parameters.AddWithValue("$limit", limit + 1);
        using var reader = command.ExecuteReader();
        var items = new List<StateDocument>();
        while (reader.Read())
        {
            items.Add(new StateDocument(reader.GetString(0), reader.GetFieldValue<byte[]>(1), ETag(reader.GetInt64(2))));
        }

        if (items.Count <= limit)
        {
            return Task.FromResult(new StatePage(items, null));
        }

        items.RemoveAt(limit);
        return Task.FromResult(new StatePage(items, items[^1].Key));
    }

    public Task<StateScan> ScanAsync(int limit, string? continuation, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);

        // No partition and no key has a line break.
        var after = continuation?.Split('\n') ?? ["", ""];
        using var connection = OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT partition, key, json FROM state WHERE (partition, key) > ($partition, $key) ORDER BY partition, key LIMIT $limit";
        command.Parameters.AddWithValue("$partition", after[0]);
        command.Parameters.AddWithValue("$key", after[1]);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var items = new List<ScannedDocument>();
        while (reader.Read())
        {
            items.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        }

        return Task.FromResult(new StateScan(items, items.Count < limit ? null : $"{items[^1].Partition}\n{items[^1].Key}"));
    }

    public async Task<string?> InsertAsync(string partition, string key, ReadOnlyMemory<byte> json, CancellationToken ct) =>
        Answer(await WriteAsync(StateWriteKind.Insert, partition, key, json, 0, ct));

    public async Task<string?> ReplaceAsync(string partition, string key, ReadOnlyMemory<byte> json, string etag, CancellationToken ct) =>
        Answer(await WriteAsync(StateWriteKind.Replace, partition, key, json, Version(etag), ct));

    public async Task<string?> ReplaceSoonAsync(string partition, string key, ReadOnlyMemory<byte> json, string etag, CancellationToken ct) =>
        Answer(await WriteAsync(StateWriteKind.Replace, partition, key, json, Version(etag), ct, mayWait: true));

    public async Task<string> UpsertAsync(string partition, string key, ReadOnlyMemory<byte> json, CancellationToken ct) =>
        ETag(await WriteAsync(StateWriteKind.Upsert, partition, key, json, 0, ct));

    public async Task<bool> DeleteAsync(string partition, string key, string? etag, CancellationToken ct) =>
        await WriteAsync(etag is null ? StateWriteKind.Delete : StateWriteKind.DeleteVersion, partition, key, default, etag is null ? 0 : Version(etag), ct) != 0;

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        readers.Dispose();
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private SqliteConnection OpenForReading()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    private Task<long> WriteAsync(StateWriteKind kind, string partition, string key, ReadOnlyMemory<byte> json, long version, CancellationToken ct, bool mayWait = false)
    {
        StateLimits.Check(partition, key, json);
        ct.ThrowIfCancellationRequested();
        return writer.WriteAsync(new StateWrite(kind, partition, key, json.ToArray(), version) { MayWait = mayWait });
    }

    private static string? Answer(long version) => version == 0 ? null : ETag(version);

    private static string ETag(long version) => version.ToString("x16");

    /// <summary>Zero, which no document has, for text that never was an etag of this store.</summary>
    private static long Version(string etag) => long.TryParse(etag, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var version) ? version : 0;
}
