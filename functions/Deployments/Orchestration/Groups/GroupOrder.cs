using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Orchestration.Groups;

/// <summary>What a group of nodes is to do: the input of <see cref="NodeGroupOrchestrator"/>.</summary>
internal sealed record GroupOrder
{
    public required string DeploymentId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>One of <see cref="Commands.CommandIds"/>.</summary>
    public required string Kind { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>A node that was online for so long and has not answered counts as lost.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>How long a node may be offline before: the order holds for that much longer.</summary>
    public TimeSpan OfflineWait { get; init; }

    /// <summary>How long nodes may take to answer once they were told to stop.</summary>
    public TimeSpan StopGrace { get; init; }

    /// <summary>What a node shows while it works; null leaves it as it is.</summary>
    public NodeStatus? StartsAs { get; init; }

    /// <summary>What a node shows that did it.</summary>
    public required NodeStatus DoneAs { get; init; }

    /// <summary>A node that fails does not stop the others.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Nodes that get the order as well, for when they come back; nobody waits for them.</summary>
    public IReadOnlyList<string> LeftFor { get; init; } = [];

    /// <summary>For a Build: the commit, when it is known.</summary>
    public string? Commit { get; init; }

    /// <summary>For a Build: hand over what was compiled.</summary>
    public bool ShareTree { get; init; }

    /// <summary>For a Build: what another node compiled, to be sealed; null compiles.</summary>
    public SharedTree? Tree { get; init; }

    /// <summary>For a Build: the store path that has to come of it; null where any may.</summary>
    public string? StorePath { get; init; }

    /// <summary>For an Activate: percent of the traffic, when not all.</summary>
    public int? TrafficPercent { get; init; }

    /// <summary>For an Activate: releases that a node keeps.</summary>
    public int? KeepReleases { get; init; }

    /// <summary>For a RollBack: where to.</summary>
    public RollBackTarget? RollBackTo { get; init; }

    /// <summary>For a RollBack: only if this release serves.</summary>
    public string? IfServing { get; init; }

    /// <summary>For a RollBack: why, in one line.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of a group's nodes: the output of <see cref="NodeGroupOrchestrator"/>. Small, whatever the number of nodes.</summary>
internal sealed record GroupReport
{
    public IReadOnlyList<string> Done { get; init; } = [];

    /// <summary>Nodes that stayed offline, and that the deployment goes on without.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>All others, in the order in which they failed.</summary>
    public IReadOnlyList<NodeFailure> Failures { get; init; } = [];

    /// <summary>What a node built; null when none did.</summary>
    public BuiltRelease? Built { get; init; }

    /// <summary>What serves on one of those that did it; null where unknown.</summary>
    public ServingRelease? Serving { get; init; }

    /// <summary>The failure that decides: the first that nobody asked for.</summary>
    public NodeFailure? Mistake => Failures.FirstOrDefault(f => f.Outcome != CommandOutcome.Canceled) ?? (Failures.Count > 0 ? Failures[0] : null);

    /// <summary>Nodes of which nobody knows for sure what they did.</summary>
    public IReadOnlyList<string> Unknown => [.. Failures.Where(f => f.IsUnknown).Select(f => f.NodeId)];

    public static GroupReport Merge(IReadOnlyList<GroupReport> reports) => new()
    {
        Done = [.. reports.SelectMany(r => r.Done)],
        Excluded = [.. reports.SelectMany(r => r.Excluded)],
        Failures = [.. reports.SelectMany(r => r.Failures)],
        Built = reports.Select(r => r.Built).FirstOrDefault(b => b is not null),
        Serving = reports.Select(r => r.Serving).FirstOrDefault(s => s is not null),
    };
}

/// <summary>A node that did not do it.</summary>
internal sealed record NodeFailure(string NodeId, CommandOutcome Outcome, Contracts.Failure Failure)
{
    public bool IsLost => Failure.Kind == Contracts.FailureKind.Lost;

    /// <summary>It may have done it: no answer came, the order may have been sent although that failed, or an earlier delivery of what it refuses may have begun.</summary>
    public bool IsUnknown => IsLost || Outcome == CommandOutcome.Rejected || (Outcome == CommandOutcome.Failed && Failure.Kind == Contracts.FailureKind.Internal);
}
