using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Edge;

/// <summary>Keeps projects from taking each other's domains and ports. A project has a claim to what it is served at, and to what it is about to be.</summary>
internal sealed class RouteClaims(ReleaseStore releases, AgentSettings settings)
{
    private readonly Lock gate = new();

    /// <summary>Runs a step that makes a claim durable, unless another project has one to the same.</summary>
    public Failure? Claim(string projectId, EdgeRoute wanted, Action keep)
    {
        lock (gate)
        {
            foreach (var other in releases.Projects().Where(p => p != projectId))
            {
                foreach (var route in RoutesOf(other))
                {
                    if (wanted.Domains.FirstOrDefault(d => route.Domains.Contains(d, StringComparer.OrdinalIgnoreCase)) is { } domain)
                        return Taken($"The domain {domain} belongs to the project {other} on this node.", "$.domains");
                    if (wanted.Port is { } port && route.Port == port)
                        return Taken($"The port {port} belongs to the project {other} on this node.", "$.edge.port");
                }
            }

            if (wanted.Port is { } own && settings.Edge is { } edge && (own == edge.HttpPort || own == edge.HttpsPort) && (wanted.Domains.Count > 0 || releases.Projects().Any(p => p != projectId && RoutesOf(p).Any(r => r.Domains.Count > 0))))
                return Taken($"The port {own} is the edge's own, for domains.", "$.edge.port");
            keep();
            return null;
        }
    }

    private IEnumerable<EdgeRoute> RoutesOf(string project)
    {
        if (releases.State(project)?.Route is { } route)
            yield return route;
        if (releases.Intent(project) is { Result: null } intent && releases.Find(project, intent.To) is { } coming)
            yield return EdgeRoute.Of(coming.Config);
    }

    private static Failure Taken(string message, string path) => new(Stages.Switch, FailureKind.Rejected, message)
    {
        Problems = [new Problem(path, message)],
        Hint = "Take it away from the other project first, or use another one. Nothing was touched.",
    };
}
