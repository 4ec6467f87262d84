using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace VpsPilot.Functions.Storage.Sqlite;

/// <summary>
/// Reads single documents, the most frequent of all questions: each reader keeps its connection and its prepared statement, since to prepare
/// it takes longer than to run it. There are as many readers as ever read at the same time. Thread-safe.
/// </summary>
internal sealed class SqliteStateReaders(string connectionString) : IDisposable
{
    private readonly ConcurrentBag<Reader> idle = [];

    /// <summary>The document and its version; null when there is none.</summary>
    public (byte[] Json, long Version)? Get(string partition, string key)
    {
        var reader = idle.TryTake(out var known) ? known : new Reader(connectionString);
        try
        {
            var found = reader.Get(partition, key);
            idle.Add(reader);
            return found;
        }
        catch
        {
            // After a fault of the disk a new connection is the better one.
            reader.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly SqliteCommand get;
        private readonly SqliteParameter partition;
        private readonly SqliteParameter key;

        public Reader(string connectionString)
        {
            connection = new SqliteConnection(connectionString);
            connection.Open();
            get = connection.CreateCommand();
            get.CommandText = "SELECT json, etag FROM state WHERE partition = $partition AND key = $key";
            partition = get.Parameters.Add("$partition", SqliteType.Text);
            key = get.Parameters.Add("$key", SqliteType.Text);
        }

        public (byte[] Json, long Version)? Get(string ofPartition, string ofKey)
        {
            partition.Value = ofPartition;
            key.Value = ofKey;
            using var row = get.ExecuteReader();
            return row.Read() ? (row.GetFieldValue<byte[]>(0), row.GetInt64(1)) : null;
        }

        public void Dispose()
        {
            get.Dispose();
            connection.Dispose();
        }
    }
}
