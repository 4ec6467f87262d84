using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Api;

/// <summary>Something that is asked of nodes.</summary>
internal sealed record OperationView(string Id, string Kind, string Status)
{
    public string? ProjectId { get; init; }

    /// <summary>Nodes that have answered.</summary>
    public IReadOnlyList<OperationNode> Nodes { get; init; } = [];

    /// <summary>Nodes that have not.</summary>
    public IReadOnlyList<string> WaitingFor { get; init; } = [];

    public bool HasEnded => Status != "running";
}

/// <summary>What one node answered.</summary>
internal sealed record OperationNode(string NodeId, CommandOutcome Outcome)
{
    public Failure? Failure { get; init; }

    public int? ExitCode { get; init; }

    public ServingRelease? Serving { get; init; }

    public IReadOnlyList<ProjectUnit>? Units { get; init; }

    public IReadOnlyList<Finding>? Findings { get; init; }
}
