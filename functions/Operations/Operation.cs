using System.Text.Json.Serialization;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Operations;

/// <summary>Something a person asks of nodes outside a deployment, as stored and as the API shows it.</summary>
internal sealed record Operation
{
    public required string Id { get; init; }

    public required OperationKind Kind { get; init; }

    /// <summary>Null for one about nodes.</summary>
    public string? ProjectId { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    public required OperationStatus Status { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What is asked, beyond its kind.</summary>
    public OperationArguments Arguments { get; init; } = new();
}

/// <summary>What an operation is told; each kind has its own few.</summary>
internal sealed record OperationArguments
{
    /// <summary>Run: the command line, or its name.</summary>
    public string? Command { get; init; }

    /// <summary>Run: <see cref="Command"/> is a name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Run: how long it may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Logs: lines from the end.</summary>
    public int? Lines { get; init; }

    /// <summary>Logs: how long to go on.</summary>
    public TimeSpan? Follow { get; init; }

    /// <summary>Logs: one process only.</summary>
    public string? Process { get; init; }

    /// <summary>Restart: with the values of now.</summary>
    public bool RenewEnvironment { get; init; }

    /// <summary>Update: where the binary is.</summary>
    public string? Path { get; init; }

    /// <summary>Update: its SHA-256, hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Update: the version it is.</summary>
    public string? Version { get; init; }
}

/// <summary>Kinds of operations. The names are part of command ids.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationKind>))]
internal enum OperationKind
{
    [JsonStringEnumMemberName("restart")] Restart,
    [JsonStringEnumMemberName("stop")] Stop,
    [JsonStringEnumMemberName("run")] Run,
    [JsonStringEnumMemberName("logs")] Logs,
    [JsonStringEnumMemberName("status")] Status,
    [JsonStringEnumMemberName("doctor")] Doctor,
    [JsonStringEnumMemberName("collect")] Collect,
    [JsonStringEnumMemberName("update")] Update,
}

/// <summary>Where an operation stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationStatus>))]
internal enum OperationStatus
{
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>On every node.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>On one node at least it did not succeed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("canceled")] Canceled,
}

/// <summary>What one node answered, as stored and as the API shows it.</summary>
internal sealed record OperationNode
{
    public required string NodeId { get; init; }

    public required CommandOutcome Outcome { get; init; }

    public Failure? Failure { get; init; }

    public int? ExitCode { get; init; }

    public ServingRelease? Serving { get; init; }

    public IReadOnlyList<ProjectUnit>? Units { get; init; }

    public IReadOnlyList<BackupArchive>? Backups { get; init; }

    public IReadOnlyList<Finding>? Findings { get; init; }

    public static OperationNode Of(string nodeId, CommandResult result) => new()
    {
        NodeId = nodeId,
        Outcome = result.Outcome,
        Failure = result.Failure,
        ExitCode = result.ExitCode,
        Serving = result.Serving,
        Units = result.Units,
        Backups = result.Backups,
        Findings = result.Findings,
    };
}

/// <summary>Points from the order of time to an operation.</summary>
internal sealed record OperationReference(string Id);
