using Microsoft.Data.Sqlite;

namespace VpsPilot.Functions.Storage.Sqlite;

/// <summary>The prepared statements of <see cref="SqliteStateWriter"/>.</summary>
internal sealed class SqliteWriteCommands(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand insert = Command(connection, "INSERT INTO state (partition, key, json, etag) VALUES ($partition, $key, $json, $etag) ON CONFLICT DO NOTHING");
    private readonly SqliteCommand replace = Command(connection, "UPDATE state SET json = $json, etag = $etag WHERE partition = $partition AND key = $key AND etag = $version");
    private readonly SqliteCommand upsert = Command(connection, "INSERT INTO state (partition, key, json, etag) VALUES ($partition, $key, $json, $etag) ON CONFLICT DO UPDATE SET json = excluded.json, etag = excluded.etag");
    private readonly SqliteCommand delete = Command(connection, "DELETE FROM state WHERE partition = $partition AND key = $key");
    private readonly SqliteCommand deleteVersion = Command(connection, "DELETE FROM state WHERE partition = $partition AND key = $key AND etag = $version");

    /// <summary>The new version (any positive number for a delete), or 0 when the statement's condition did not hold.</summary>
    public long Execute(StateWrite write, SqliteTransaction transaction)
    {
        var command = write.Kind switch
        {
            StateWriteKind.Insert => insert,
            StateWriteKind.Replace => replace,
            StateWriteKind.Upsert => upsert,
            StateWriteKind.Delete => delete,
            _ => deleteVersion,
        };

        // Random, not counted: a document deleted and made again must not get an etag that it once had.
        var etag = Random.Shared.NextInt64(1, long.MaxValue);
        command.Transaction = transaction;
        command.Parameters["$partition"].Value = write.Partition;
        command.Parameters["$key"].Value = write.Key;
        command.Parameters["$json"].Value = write.Json;
        command.Parameters["$etag"].Value = etag;
        command.Parameters["$version"].Value = write.Version;
        return command.ExecuteNonQuery() > 0 ? etag : 0;
    }

    public void Dispose()
    {
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[insert, replace, upsert, delete, deleteVersion])
        {
            command.Dispose();
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, type) in (ReadOnlySpan<(string, SqliteType)>)[("$partition", SqliteType.Text), ("$key", SqliteType.Text), ("$json", SqliteType.Blob), ("$etag", SqliteType.Integer), ("$version", SqliteType.Integer)])
        {
            command.Parameters.Add(name, type);
        }

        return command;
    }
}
