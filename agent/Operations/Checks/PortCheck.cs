using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>Does each app listen on the port that it was given, and nobody else?</summary>
internal sealed class PortCheck(InstalledUnits installed, ProjectUnits units) : INodeCheck
{
    public string Name => "ports";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var apps = installed.All().Where(u => u is { Port: not null, Process: "web" }).ToList();
        var running = (await units.StatusAsync([.. apps.Select(a => a.Name)], cancellationToken)).Where(s => s.IsRunning).Select(s => s.Unit).ToHashSet(StringComparer.Ordinal);
        var listeners = ListeningPorts.Read();
        var findings = apps.Select(a => Judge(a, running.Contains(a.Name), listeners)).OfType<Finding>().ToList();
        return findings.Count > 0 ? findings : [new(Name, FindingState.Ok, apps.Count == 0 ? "No app has a port yet." : $"Every app has its port to itself ({apps.Count}).", null)];
    }

    /// <summary>Null when all is well.</summary>
    internal Finding? Judge(InstalledUnit app, bool isRunning, IReadOnlyList<Listener> listeners)
    {
        // Both slots of a project may have the port in turn.
        var onPort = listeners.Where(l => l.Port == app.Port).ToList();
        var stranger = onPort.FirstOrDefault(l => l.Unit is null || !l.Unit.StartsWith($"vpspilot-project-{app.ProjectId}", StringComparison.Ordinal));
        if (stranger is not null)
            return new(Name, FindingState.Error, $"Port {app.Port} of the project {app.ProjectId} is in use by {stranger.Described}.", $"Stop that process, or narrow ports in /etc/vpspilot/agent.json so that the agent gives others, and deploy again.");
        if (!isRunning || onPort.Count > 0)
            return null;
        var elsewhere = listeners.Where(l => l.Unit == app.Name).Select(l => $"{l.Port}").ToList();
        return new(Name, FindingState.Error, $"{app.Name} runs and does not listen on its port {app.Port}{(elsewhere.Count > 0 ? $", but on {string.Join(", ", elsewhere)}" : "")}.", "The app has to listen on 127.0.0.1:$PORT.");
    }
}
