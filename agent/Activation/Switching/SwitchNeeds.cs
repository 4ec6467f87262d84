using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>What a config needs for its switch and a node does not have, or the config itself rules out.</summary>
internal static class SwitchNeeds
{
    private const string TurnOn = "Install caddy on the node and put \"edge\": {} into /etc/vpspilot/agent.json, or do without it.";

    /// <summary>All that is wrong at once; null when nothing is.</summary>
    /// <param name="config">The release's config.</param>
    /// <param name="hasEdge">The node has an edge.</param>
    /// <param name="isSplit">The release is to get only a part of the traffic.</param>
    public static Failure? Mistake(ProjectConfig config, bool hasEdge, bool isSplit)
    {
        List<(bool IsWrong, string Message, string Path)> needs = hasEdge
            ? [(isSplit && config.Deployment.Strategy == SwitchStrategy.InPlace, "A part of the traffic needs two releases at once, and deployment.strategy is in-place.", "$.deployment.strategy")]
            :
            [
                (config.Deployment.Strategy == SwitchStrategy.BlueGreen, "A blue-green switch needs an edge, and this node has none.", "$.deployment.strategy"),
                (isSplit, "A part of the traffic needs an edge, and this node has none.", "$.deployment.canary"),
                (config.Domains.Count > 0, "A domain needs an edge, and this node has none.", "$.domains"),
                (config.Edge.Port is not null, "A port of the edge needs an edge, and this node has none.", "$.edge.port"),
            ];
        var problems = needs.Where(n => n.IsWrong).Select(n => new Problem(n.Path, n.Message)).ToList();
        return problems.Count == 0 ? null : new Failure(Stages.Switch, FailureKind.Rejected, string.Join(" ", problems.Select(p => p.Message)))
        {
            Problems = problems,
            Hint = hasEdge ? "Take it out, or deploy without a canary." : TurnOn,
        };
    }
}
