using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>A row of the activities table; also what the activity sees of its call.</summary>
internal sealed class ActivityCall : TaskActivityContext
{
    private readonly string name;
    private readonly string instanceId;
    private readonly string version;

    private ActivityCall(SqliteDataReader row)
    {
        instanceId = row.GetString(0);
        ExecutionId = row.GetString(1);
        TaskId = row.GetInt32(2);
        name = row.GetString(3);
        version = row.GetString(4);
        Input = row.IsDBNull(5) ? null : row.GetString(5);
        TraceParent = row.IsDBNull(6) ? null : row.GetString(6);
    }

    public override TaskName Name => name;

    public override string InstanceId => instanceId;

    public override string Version => version;

    public string ExecutionId { get; }

    public int TaskId { get; }

    public string? Input { get; }

    public string? TraceParent { get; }

    public static ActivityCall Read(SqliteDataReader row) => new(row);
}
