using VpsPilot.Contracts.Config;

namespace VpsPilot.Functions.Deployments.Orchestration.Rollout;

/// <summary>Nodes that are switched at the same time.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="PauseBefore">How long after the step before.</param>
internal sealed record RolloutStep(IReadOnlyList<string> Nodes, TimeSpan PauseBefore)
{
    /// <summary>These nodes have to prove themselves before the next step.</summary>
    public bool IsCanary { get; init; }

    /// <summary>Percent of the traffic that the release gets at first; null: all.</summary>
    public int? TrafficPercent { get; init; }
}

/// <summary>Which nodes follow each other. Every node is in exactly one step, in the order given.</summary>
internal static class RolloutSteps
{
    /// <param name="config">How they follow each other.</param>
    /// <param name="nodes">The nodes, at least one.</param>
    /// <param name="isLeftAlone">One node that is left of several: it has no part of the traffic to give, since the others have the rest.</param>
    public static IReadOnlyList<RolloutStep> Of(DeploymentConfig config, IReadOnlyList<string> nodes, bool isLeftAlone = false) => config.Rollout switch
    {
        RolloutKind.All => [new(nodes, TimeSpan.Zero)],
        RolloutKind.Canary => Canary(config.Canary, nodes, isLeftAlone),
        _ => [.. nodes.Chunk(config.Rolling.Batch).Select((batch, i) => new RolloutStep(batch, i == 0 ? TimeSpan.Zero : config.Rolling.Pause))],
    };

    private static IReadOnlyList<RolloutStep> Canary(CanaryConfig canary, IReadOnlyList<string> nodes, bool isLeftAlone)
    {
        if (nodes.Count == 1)
        {
            return [new(nodes, TimeSpan.Zero) { IsCanary = true, TrafficPercent = isLeftAlone ? null : canary.Percent }];
        }

        // At least one node goes first, and at least one is left to follow: else there would be nothing to protect.
        var first = Math.Clamp(canary.Nodes ?? (int)Math.Ceiling(nodes.Count * canary.Percent / 100.0), 1, nodes.Count - 1);
        return [new([.. nodes.Take(first)], TimeSpan.Zero) { IsCanary = true }, new([.. nodes.Skip(first)], TimeSpan.Zero)];
    }
}
