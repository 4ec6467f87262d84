using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>What an orchestration needs to know; taken once, so that a replay sees the same.</summary>
internal sealed record DeploymentPlan
{
    public required string ProjectId { get; init; }

    /// <summary>Full commit id; null when the head of the branch is asked for.</summary>
    public string? Commit { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Nodes of the same system, of which one builds for the others, in the order in which they are asked to; empty where every node builds for itself.</summary>
    public IReadOnlyList<IReadOnlyList<string>> BuildSets { get; init; } = [];

    /// <summary>Why it cannot be done at all; null when it can.</summary>
    public Failure? Failure { get; init; }

    /// <summary>For a rollback: where to.</summary>
    public RollBackTarget? RollBackTo { get; init; }

    /// <summary>For a rollback: why, in one line.</summary>
    public string? Reason { get; init; }

    /// <summary>For a rollback: the release that each node serves now, where it is known.</summary>
    public IReadOnlyDictionary<string, string> Serving { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the project says over the commit's <c>deployment</c> block, as JSON; null when nothing.</summary>
    public string? Overrides { get; init; }

    public required TimeSpan BuildTimeout { get; init; }

    public required TimeSpan ActivateMargin { get; init; }

    public required TimeSpan CancelGrace { get; init; }
}

/// <summary>A command to send: the input of the sending activities.</summary>
internal sealed record SendCommand
{
    public required string CommandId { get; init; }

    public required string DeploymentId { get; init; }

    public required string NodeId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>From the time of sending; the agent refuses the command later.</summary>
    public required TimeSpan ValidFor { get; init; }

    /// <summary>For a Build: the commit, when it is known.</summary>
    public string? Commit { get; init; }

    /// <summary>For a Build: hand over what was compiled.</summary>
    public bool ShareTree { get; init; }

    /// <summary>For a Build: what another node compiled, to be sealed; null compiles.</summary>
    public SharedTree? Tree { get; init; }

    /// <summary>For an Activate: percent of the traffic, when not all.</summary>
    public int? TrafficPercent { get; init; }

    /// <summary>For a RollBack.</summary>
    public RollBackTarget? RollBackTo { get; init; }

    /// <summary>For a RollBack: only if this release serves.</summary>
    public string? IfServing { get; init; }

    /// <summary>For a RollBack: why, in one line.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of one node: the input of <see cref="Activities.RecordNodeActivity"/>.</summary>
internal sealed record NodeRecord
{
    public required string DeploymentId { get; init; }

    public required string ProjectId { get; init; }

    public required string NodeId { get; init; }

    public required NodeStatus Status { get; init; }

    public Failure? Failure { get; init; }

    public Contracts.Events.ServingRelease? Release { get; init; }

    /// <summary>Releases that the node keeps, the serving one included; null when no release was switched to.</summary>
    public int? KeepReleases { get; init; }

    /// <summary>Commit that was built; null when none was.</summary>
    public string? Commit { get; init; }

    /// <summary>First line of its message.</summary>
    public string? Subject { get; init; }

    /// <summary>Its <c>deployment</c> block.</summary>
    public Contracts.Config.DeploymentConfig? Config { get; init; }
}

/// <summary>How a deployment ended: the input of <see cref="Activities.FinishDeploymentActivity"/>.</summary>
internal sealed record DeploymentEnd
{
    public required string DeploymentId { get; init; }

    public required DeploymentStatus Status { get; init; }

    public Failure? Failure { get; init; }

    public required string Summary { get; init; }

    /// <summary>Some node may serve the release still, although the deployment did not succeed.</summary>
    public bool IsMixed { get; init; }
}

/// <summary>Which of these nodes are offline: the input of <see cref="Activities.FindOfflineNodesActivity"/>.</summary>
internal sealed record OfflineQuestion(string DeploymentId, string ProjectId, IReadOnlyList<string> Nodes, DateTime Since);

/// <summary>The nodes that were waited for long enough.</summary>
/// <param name="Nodes">Those nodes.</param>
/// <param name="MayGoOnWithout">Whether the config lets the deployment go on without them.</param>
internal sealed record OfflineAnswer(IReadOnlyList<string> Nodes, bool MayGoOnWithout)
{
    /// <summary>All that are offline, those that are still waited for included.</summary>
    public IReadOnlyList<string> Offline { get; init; } = [];
}
