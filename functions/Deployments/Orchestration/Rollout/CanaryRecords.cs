using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Orchestration.Rollout;

/// <summary>A question about the nodes that went first: the input of <see cref="Activities.JudgeCanaryActivity"/>.</summary>
internal sealed record CanaryQuestion
{
    public required string DeploymentId { get; init; }

    public required string ProjectId { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>What the others had counted when the bake time began; null at its beginning.</summary>
    public TrafficCount? OthersBefore { get; init; }

    public required CanaryConfig Canary { get; init; }

    /// <summary>The last judgement: every node must have been heard of since. Null for a look in between.</summary>
    public DateTime? HeardSince { get; init; }
}

/// <summary>The answer to it.</summary>
/// <param name="IsFresh">Every node was heard of since the time asked for.</param>
/// <param name="Failure">Why the canary is given up; null when nothing speaks against it.</param>
/// <param name="Others">What the other nodes have counted in all.</param>
internal sealed record CanaryJudgement(bool IsFresh, Failure? Failure, TrafficCount Others);

/// <summary>A state of the canary to write down: the input of <see cref="Activities.RecordCanaryActivity"/>.</summary>
internal sealed record CanaryRecord(string DeploymentId, CanaryState State, DateTime? Until, IReadOnlyList<string> Nodes, int? TrafficPercent);
