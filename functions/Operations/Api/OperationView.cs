using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>An operation as the API shows it.</summary>
internal sealed record OperationView
{
    public required string Id { get; init; }

    public required OperationKind Kind { get; init; }

    public string? ProjectId { get; init; }

    public required OperationStatus Status { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Run: the command line, or its name.</summary>
    public string? Command { get; init; }

    /// <summary>Nodes that have answered.</summary>
    public required IReadOnlyList<OperationNode> Nodes { get; init; }

    /// <summary>Nodes that have not.</summary>
    public required IReadOnlyList<string> WaitingFor { get; init; }

    public static OperationView Of(Operation operation, IReadOnlyList<OperationNode> nodes) => new()
    {
        Id = operation.Id,
        Kind = operation.Kind,
        ProjectId = operation.ProjectId,
        Status = operation.Status,
        RequestedBy = operation.RequestedBy,
        CreatedAt = operation.CreatedAt,
        FinishedAt = operation.FinishedAt,
        Command = operation.Arguments.Command,
        Nodes = nodes,
        WaitingFor = operation.FinishedAt is null ? [.. operation.Nodes.Except(nodes.Select(n => n.NodeId), StringComparer.Ordinal)] : [],
    };
}

/// <summary>An archive of a project on a node.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="Id">Its name there.</param>
/// <param name="ReleaseId">The release that served when it was made.</param>
/// <param name="Commit">Full commit id of that release.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Checksum, hex.</param>
internal sealed record BackupView(string NodeId, string Id, string ReleaseId, string Commit, DateTimeOffset CreatedAt, long Bytes, string Sha256)
{
    public static BackupView Of(string nodeId, BackupArchive archive) => new(nodeId, archive.Id, archive.ReleaseId, archive.Commit, archive.CreatedAt, archive.Bytes, archive.Sha256);
}
