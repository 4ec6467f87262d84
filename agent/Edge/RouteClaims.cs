using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Edge;

/// <summary>Keeps projects from taking each other's domains and ports. A project has a claim to what it is served at, and to what it is about to be.</summary>
internal sealed class RouteClaims(ReleaseStore releases, AgentSettings settings)
{
    private readonly Lock gate = new();

    /// <summary>Runs a step that makes a claim durable, unless another project has one to the same; names all that is taken.</summary>
    public Failure? Claim(string projectId, EdgeRoute wanted, Action keep)
    {
        lock (gate)
        {
            if (Mistakes(projectId, wanted).ToList() is { Count: > 0 } problems)
            {
                return new Failure(Stages.Switch, FailureKind.Rejected, string.Join(" ", problems.Select(p => p.Message)))
                {
                    Problems = problems,
                    Hint = "Take it away from the other project first, or use another one. Nothing was touched.",
                };
            }

            keep();
            return null;
        }
    }

    private IEnumerable<Problem> Mistakes(string projectId, EdgeRoute wanted)
    {
        var taken = releases.Projects().Where(p => p != projectId).SelectMany(p => RoutesOf(p).Select(r => (Project: p, Route: r))).ToList();
        foreach (var (index, domain) in wanted.Domains.Index())
        {
            if (taken.Find(t => t.Route.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase)).Project is { } owner)
                yield return new Problem($"$.domains[{index}]", $"The domain {domain} belongs to the project {owner} on this node.");
        }

        if (wanted.Port is not { } port)
            yield break;
        if (taken.Find(t => t.Route.Port == port).Project is { } other)
            yield return new Problem("$.edge.port", $"The port {port} belongs to the project {other} on this node.");
        if (settings.Edge is { } edge && (port == edge.HttpPort || port == edge.HttpsPort) && (wanted.Domains.Count > 0 || taken.Exists(t => t.Route.Domains.Count > 0)))
            yield return new Problem("$.edge.port", $"The port {port} is the edge's own, for domains.");
    }

    private IEnumerable<EdgeRoute> RoutesOf(string project)
    {
        if (releases.State(project)?.Route is { } route)
            yield return route;
        if (releases.Intent(project) is { Result: null } intent && releases.Find(project, intent.To) is { } coming)
            yield return EdgeRoute.Of(coming.Config);
    }
}
