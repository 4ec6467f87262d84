using Microsoft.Data.Sqlite;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Reads what waits for an instance.</summary>
internal static class Inbox
{
    private const string Rows = "SELECT id, execution_id, entry FROM inbox WHERE instance_id = $1";

    /// <summary>The oldest messages, the start before all others.</summary>
    public static List<InboxMessage> ReadInbox(this HubConnection hub, string instanceId, int most) =>
        hub.Query($"{Rows} ORDER BY priority, id LIMIT $2", Read, instanceId, most);

    /// <summary>
    /// The oldest message that a suspended instance takes, if any. The others wait, however many they are, and are not read: a suspension
    /// that holds back more than a step can take must still end.
    /// </summary>
    public static List<InboxMessage> NextSteering(this HubConnection hub, string instanceId) => hub.Query(
        $$"""
        {{Rows}} AND (entry GLOB '{"type":"ExecutionResumed"*' OR entry GLOB '{"type":"ExecutionTerminated"*' OR entry GLOB '{"type":"ExecutionSuspended"*')
        ORDER BY priority, id LIMIT 1
        """,
        Read,
        instanceId);

    private static InboxMessage Read(SqliteDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), HistoryJson.ReadEntry(row.GetString(2)));
}
