namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>The tables of a task hub, as steps from one version to the next. A step is never changed once released.</summary>
internal static class HubSchema
{
    /// <summary>Statements that lead from version N (the index) to N + 1.</summary>
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE instances (
          instance_id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
          status INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, completed_at INTEGER,
          input TEXT, output TEXT, custom_status TEXT, failure TEXT, tags TEXT, trace_parent TEXT,
          parent_id TEXT, parent_execution_id TEXT, parent_task_id INTEGER, parent_name TEXT);
        CREATE INDEX instances_by_status ON instances (status, instance_id);
        CREATE INDEX instances_by_parent ON instances (parent_id) WHERE parent_id IS NOT NULL;
        CREATE INDEX instances_by_end ON instances (completed_at, instance_id) WHERE completed_at IS NOT NULL;
        CREATE TABLE history (
          instance_id TEXT NOT NULL, seq INTEGER NOT NULL, entry TEXT NOT NULL,
          PRIMARY KEY (instance_id, seq)) WITHOUT ROWID;
        CREATE TABLE inbox (
          id INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT, priority INTEGER NOT NULL, entry TEXT NOT NULL);
        CREATE INDEX inbox_by_instance ON inbox (instance_id, priority, id);
        CREATE TABLE activities (
          id INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT NOT NULL, task_id INTEGER NOT NULL,
          name TEXT NOT NULL, version TEXT NOT NULL, input TEXT, trace_parent TEXT);
        CREATE INDEX activities_by_instance ON activities (instance_id);
        CREATE TABLE timers (
          instance_id TEXT NOT NULL, execution_id TEXT NOT NULL, task_id INTEGER NOT NULL, fire_at INTEGER NOT NULL,
          PRIMARY KEY (instance_id, execution_id, task_id)) WITHOUT ROWID;
        CREATE INDEX timers_by_time ON timers (fire_at);
        """,
    ];
}
