using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>Is the edge there, does it run with the routes of all projects, and are its ports its own?</summary>
internal sealed class EdgeCheck(AgentSettings settings, Edge.Edge edge, ProjectUnits units, CaddyAdmin admin) : INodeCheck
{
    private const string Again = $"On the node: systemctl restart vpspilot-agent, which starts the edge with the projects' routes; journalctl --unit {EdgePaths.Unit} says why it did not.";

    public string Name => "edge";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Edge is not { } wanted)
            return [new(Name, FindingState.Ok, "This node has no edge.", null)];
        if (!edge.IsOn)
            return [Error("Caddy is not installed, so this node has no edge.", Edge.Edge.HowToInstall)];
        var findings = Strangers(wanted, ListeningPorts.Read());
        if (await units.StatusAsync(EdgePaths.Unit, cancellationToken) is not { IsRunning: true } status)
            findings = [.. findings, Error($"{EdgePaths.Unit} does not run: no project can be reached through it.", Again)];
        else if (await admin.ConfigurationAsync(cancellationToken) is not { } loaded)
            findings = [.. findings, Error($"{EdgePaths.Unit} runs (process {status.MainPid}) and does not answer on {EdgePaths.AdminSocket}.", $"On the node: systemctl restart {EdgePaths.Unit}; connections that are open end.")];
        else if (!edge.IsWanted(loaded))
            findings = [.. findings, Error("The edge has other routes than the projects: somebody else loaded a configuration, or it did not take the last one.", Again)];
        return findings.Count > 0 ? findings : [new(Name, FindingState.Ok, "The edge runs with the routes of all projects.", null)];
    }

    /// <summary>Who has a port that domains need.</summary>
    internal IReadOnlyList<Finding> Strangers(EdgeSettings wanted, IReadOnlyList<Listener> listeners) =>
    [
        .. listeners.Where(l => l.Unit != EdgePaths.Unit && (l.Port == wanted.HttpPort || l.Port == wanted.HttpsPort)).DistinctBy(l => l.Port)
            .Select(l => Error($"Port {l.Port}, which the edge needs for domains, is in use by {l.Described}.", "Stop that program (systemctl disable --now UNIT), or choose other ports under edge in /etc/vpspilot/agent.json.")),
    ];

    private Finding Error(string message, string remedy) => new(Name, FindingState.Error, message, remedy);
}
