using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>The writes of the engine, each one statement or a few that belong together.</summary>
internal static class Statements
{
    /// <summary>Priority of what is to be processed before anything that arrived: the start, then events carried over.</summary>
    public const int First = 0;
    public const int CarriedOver = 1;
    public const int Arrived = 2;

    public static InstanceRow? FindInstance(this HubConnection hub, string instanceId) =>
        hub.Query($"SELECT {InstanceRow.Columns} FROM instances WHERE instance_id = $1", InstanceRow.Read, instanceId).FirstOrDefault();

    public static void InsertInstance(this HubConnection hub, InstanceRow row) => hub.Execute(
        $"INSERT INTO instances ({InstanceRow.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, NULL)",
        row.InstanceId, row.ExecutionId, row.Name, row.Version, (int)row.Status, row.CreatedAt.Ticks, row.UpdatedAt.Ticks, row.Input, row.Output, row.CustomStatus,
        row.Failure, row.Tags, row.TraceParent, row.Parent?.InstanceId, row.Parent?.ExecutionId, row.Parent?.TaskId, row.Parent?.Name);

    public static void AddToInbox(this HubConnection hub, string instanceId, string? executionId, HistoryEntry entry, int priority = Arrived) => hub.Execute(
        "INSERT INTO inbox (instance_id, execution_id, priority, entry) VALUES ($1, $2, $3, $4)", instanceId, executionId, priority, HistoryJson.Write(entry));

    /// <summary>Adds to the inbox of an instance that has not ended; false when there is none.</summary>
    public static bool Deliver(this HubConnection hub, string instanceId, HistoryEntry entry) => hub.Execute(
        "INSERT INTO inbox (instance_id, execution_id, priority, entry) SELECT instance_id, NULL, 2, $2 FROM instances WHERE instance_id = $1 AND completed_at IS NULL",
        instanceId, HistoryJson.Write(entry)) == 1;

    /// <summary>Delivers a result to the execution that waits for it; it is dropped when that execution is no more.</summary>
    public static bool DeliverResult(this HubConnection hub, string instanceId, string executionId, HistoryEntry entry) => hub.Execute(
        "INSERT INTO inbox (instance_id, execution_id, priority, entry) SELECT instance_id, execution_id, 2, $3 FROM instances WHERE instance_id = $1 AND execution_id = $2 AND completed_at IS NULL",
        instanceId, executionId, HistoryJson.Write(entry)) == 1;

    public static void InsertTimer(this HubConnection hub, string instanceId, string executionId, int taskId, DateTime fireAt) => hub.Execute(
        "INSERT INTO timers (instance_id, execution_id, task_id, fire_at) VALUES ($1, $2, $3, $4)", instanceId, executionId, taskId, fireAt.Ticks);

    public static void UpdateStatus(this HubConnection hub, string instanceId, OrchestrationRuntimeStatus status, string? customStatus, DateTime now) => hub.Execute(
        "UPDATE instances SET status = $2, custom_status = $3, updated_at = $4 WHERE instance_id = $1", instanceId, (int)status, customStatus, now.Ticks);

    public static void EndInstance(this HubConnection hub, string instanceId, ExecutionCompleted end, string? customStatus, DateTime now)
    {
        hub.Execute(
            "UPDATE instances SET status = $2, output = $3, failure = $4, custom_status = $5, updated_at = $6, completed_at = $6 WHERE instance_id = $1",
            instanceId, (int)end.Status, end.Output, HistoryJson.Write(end.Failure), customStatus, now.Ticks);
        hub.Execute("DELETE FROM timers WHERE instance_id = $1", instanceId);
        hub.Execute("DELETE FROM inbox WHERE instance_id = $1", instanceId);
    }

    /// <summary>Removes an instance to make room for another of its id. One that has not ended counts as terminated for its parent; returns that parent's id when it was told.</summary>
    public static string? Replace(this HubConnection hub, InstanceRow existing, DateTime now)
    {
        hub.RemoveInstance(existing.InstanceId);
        return !existing.Ended && existing.Parent is { } parent
            && hub.DeliverResult(parent.InstanceId, parent.ExecutionId, new SubOrchestrationFailed(parent.TaskId, SubOrchestrationFailed.Terminated(existing.InstanceId, null)) { At = now })
                ? parent.InstanceId
                : null;
    }

    /// <summary>Removes every trace of an instance.</summary>
    public static void RemoveInstance(this HubConnection hub, string instanceId)
    {
        hub.Execute("DELETE FROM instances WHERE instance_id = $1", instanceId);
        hub.Execute("DELETE FROM history WHERE instance_id = $1", instanceId);
        hub.Execute("DELETE FROM inbox WHERE instance_id = $1", instanceId);
        hub.Execute("DELETE FROM activities WHERE instance_id = $1", instanceId);
        hub.Execute("DELETE FROM timers WHERE instance_id = $1", instanceId);
    }

    public static List<string> ChildrenOf(this HubConnection hub, string instanceId) =>
        hub.Query("SELECT instance_id FROM instances WHERE parent_id = $1", r => r.GetString(0), instanceId);
}
