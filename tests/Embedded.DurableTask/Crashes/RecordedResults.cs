using Microsoft.Data.Sqlite;
using Microsoft.DurableTask.Converters;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Tests.Programs;

namespace VpsPilot.Embedded.DurableTask.Tests.Crashes;

/// <summary>The activities whose results were on disk when a life of the engine ended. None of them may run in a later life.</summary>
internal sealed class RecordedResults(string folder)
{
    private readonly HashSet<string> recorded = new(StringComparer.Ordinal);
    private int linesSeen;
    private long since;

    public int Count => recorded.Count;

    /// <summary>Looks at what the life that just ended ran and left. Reads only: the next life has to find the files as the kill left them.</summary>
    public void Look()
    {
        var log = Path.Combine(folder, "ran.log");
        var ran = File.Exists(log) ? File.ReadAllLines(log) : [];
        foreach (var line in ran.Skip(linesSeen))
        {
            recorded.Contains(line).ShouldBeFalse($"'{line}' ran again after its result was recorded");
        }

        linesSeen = ran.Length;
        if (!File.Exists(Path.Combine(folder, "hub.db")))
        {
            return; // Killed before the file was made.
        }

        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "hub.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        foreach (var instance in Entries(connection).GroupBy(e => e.InstanceId, e => e.Entry, StringComparer.Ordinal))
        {
            var keys = instance.OfType<TaskScheduled>().ToDictionary(s => s.TaskId, s => JsonDataConverter.Default.Deserialize<Interpreter.Keyed>(s.Input)!.Key);
            recorded.UnionWith(instance.Where(e => e is TaskCompleted or TaskFailed).Select(e => $"{instance.Key} {keys[((ResultEntry)e).TaskId]}"));
        }
    }

    /// <summary>History of the instances that went on since the last look or have something in their inbox, and those inboxes.</summary>
    private List<(string InstanceId, HistoryEntry Entry)> Entries(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH live AS (SELECT instance_id FROM instances WHERE updated_at >= $since UNION SELECT instance_id FROM inbox)
            SELECT instance_id, entry FROM history WHERE instance_id IN live
            UNION ALL
            SELECT i.instance_id, i.entry FROM inbox i JOIN instances n ON n.instance_id = i.instance_id AND n.execution_id = i.execution_id
            """;
        command.Parameters.AddWithValue("$since", since);
        var entries = new List<(string, HistoryEntry)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                entries.Add((reader.GetString(0), HistoryJson.ReadEntry(reader.GetString(1))));
            }
        }

        command.CommandText = "SELECT coalesce(max(updated_at), 0) FROM instances";
        since = (long)command.ExecuteScalar()!;
        return entries;
    }
}
