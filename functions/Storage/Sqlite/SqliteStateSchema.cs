using Microsoft.Data.Sqlite;

namespace VpsPilot.Functions.Storage.Sqlite;

/// <summary>The tables of <see cref="SqliteStateStore"/>, and their version.</summary>
internal static class SqliteStateSchema
{
    /// <summary>The newest schema that this program knows (<c>user_version</c> of the file).</summary>
    public const int CurrentVersion = 1;

    /// <summary>Opens the writer's connection and brings the schema up to date.</summary>
    /// <exception cref="InvalidOperationException">A newer version of the program wrote the file.</exception>
    public static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4096;");
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        switch ((long)command.ExecuteScalar()!)
        {
            case 0:
                Execute(connection, $"""
                    BEGIN IMMEDIATE;
                    CREATE TABLE IF NOT EXISTS state (partition TEXT NOT NULL, key TEXT NOT NULL, json BLOB NOT NULL, etag INTEGER NOT NULL, PRIMARY KEY (partition, key)) WITHOUT ROWID;
                    PRAGMA user_version = {CurrentVersion};
                    COMMIT;
                    """);
                break;
            case CurrentVersion:
                break;
            case var newer:
                connection.Dispose();
                throw new InvalidOperationException($"The state database has schema {newer}; this program knows {CurrentVersion}. Run the newer program.");
        }

        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
