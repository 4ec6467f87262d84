using System.Globalization;
using Microsoft.Data.Sqlite;

namespace VpsPilot.Server.Checks;

/// <summary>What lies in the queues, one line a queue, and why messages were put aside. Reads beside the control plane.</summary>
internal static class QueueReport
{
    private const string Counts =
        """
        SELECT q.name, count(*) FILTER (WHERE m.box = 0), count(*) FILTER (WHERE m.box = 2), count(*) FILTER (WHERE m.box = 1), min(m.enqueued_at) FILTER (WHERE m.box = 0)
        FROM queues q LEFT JOIN messages m ON m.queue = q.id GROUP BY q.id ORDER BY q.name
        """;

    private const string DeadLetters =
        """
        SELECT q.name, coalesce(m.reason, '?'), coalesce(m.description, ''), count(*), max(m.enqueued_at)
        FROM messages m JOIN queues q ON q.id = m.queue WHERE m.box = 1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    /// <summary>The lines.</summary>
    /// <exception cref="RefusedException">There is no data.</exception>
    public static IReadOnlyList<string> Lines(DataFolder data)
    {
        _ = data.Databases();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = data.PathOf("queues.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        return
        [
            .. Read(connection, Counts, r => $"{r.GetString(0)}: {r.GetInt64(1)} waiting, {r.GetInt64(2)} scheduled, {r.GetInt64(3)} dead{(r.IsDBNull(4) ? "" : $", oldest of {Time(r.GetInt64(4))}")}"),
            .. Read(connection, DeadLetters, r => $"{r.GetString(0)}: {r.GetInt64(3)} dead: {r.GetString(1)} {r.GetString(2)} (last of {Time(r.GetInt64(4))})"),
        ];
    }

    private static IEnumerable<string> Read(SqliteConnection connection, string sql, Func<SqliteDataReader, string> line)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return line(reader);
        }
    }

    private static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("u", CultureInfo.InvariantCulture);
}
