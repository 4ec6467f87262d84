using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Execution;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>A row of the instances table.</summary>
internal sealed record InstanceRow
{
    public const string Columns =
        "instance_id, execution_id, name, version, status, created_at, updated_at, input, output, custom_status, failure, tags, trace_parent, parent_id, parent_execution_id, parent_task_id, parent_name, completed_at";

    public required string InstanceId { get; init; }

    public required string ExecutionId { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required OrchestrationRuntimeStatus Status { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; init; }

    public DateTime? CompletedAt { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public string? Failure { get; init; }

    public string? Tags { get; init; }

    public string? TraceParent { get; init; }

    public ParentLink? Parent { get; init; }

    public bool Ended => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Canceled;

    public OrchestrationIdentity Identity => new(InstanceId, ExecutionId, Name, Version, Parent is null ? null : new ParentOrchestrationInstance(Parent.Name, Parent.InstanceId));

    public static InstanceRow Read(SqliteDataReader row) => new()
    {
        InstanceId = row.GetString(0),
        ExecutionId = row.GetString(1),
        Name = row.GetString(2),
        Version = row.GetString(3),
        Status = (OrchestrationRuntimeStatus)row.GetInt32(4),
        CreatedAt = Ticks.ToTime(row.GetInt64(5)),
        UpdatedAt = Ticks.ToTime(row.GetInt64(6)),
        Input = Text(row, 7),
        Output = Text(row, 8),
        CustomStatus = Text(row, 9),
        Failure = Text(row, 10),
        Tags = Text(row, 11),
        TraceParent = Text(row, 12),
        Parent = row.IsDBNull(13) ? null : new ParentLink(row.GetString(13), row.GetString(14), row.GetInt32(15), row.GetString(16)),
        CompletedAt = row.IsDBNull(17) ? null : Ticks.ToTime(row.GetInt64(17)),
    };

    public OrchestrationMetadata ToMetadata(DataConverter converter, bool inputsAndOutputs) => ToMetadata(converter, inputsAndOutputs, HistoryJson.ReadFailure(Failure));

    private OrchestrationMetadata ToMetadata(DataConverter converter, bool inputsAndOutputs, TaskFailureDetails? failure) => new(Name, InstanceId)
    {
        RuntimeStatus = Status,
        CreatedAt = new DateTimeOffset(CreatedAt),
        LastUpdatedAt = new DateTimeOffset(UpdatedAt),
        DataConverter = inputsAndOutputs ? converter : null,
        SerializedInput = inputsAndOutputs ? Input : null,
        SerializedOutput = inputsAndOutputs ? Output ?? failure?.ErrorMessage : null,
        SerializedCustomStatus = inputsAndOutputs ? CustomStatus : null,
        FailureDetails = inputsAndOutputs ? failure : null,
        Tags = HistoryJson.ReadTags(Tags),
    };

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>Where a sub-orchestration reports its end.</summary>
internal sealed record ParentLink(string InstanceId, string ExecutionId, int TaskId, string Name);

/// <summary>Times are kept as UTC ticks.</summary>
internal static class Ticks
{
    public static DateTime ToTime(long ticks) => new(ticks, DateTimeKind.Utc);
}
