using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Edge;

/// <summary>
/// The edge of this node. What it serves comes from the projects' states alone: its configuration is written from them, whole, to a file it
/// starts from, and loaded where it differs from the one that runs. So neither its restarts nor the agent's lose a route.
/// </summary>
internal sealed partial class Edge(AgentSettings settings, AgentPaths paths, ReleaseStore releases, SystemUsers users, ProjectUnits units, CaddyAdmin admin, ILogger<Edge> logger) : IDisposable
{
    public const string HowToInstall = "apt-get install caddy; systemctl disable --now caddy; systemctl restart vpspilot-agent.";

    private const string Step = "edge";

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string program = Programs.Find("caddy");

    /// <summary>Whether this node has an edge: it is asked for, and Caddy is installed.</summary>
    public bool IsOn => settings.Edge is not null && File.Exists(program);

    /// <summary>Makes the edge run with the routes of all projects.</summary>
    public async Task<Failure?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (!IsOn)
            return settings.Edge is null ? null : new Failure(Step, FailureKind.Rejected, "Caddy is not installed, so this node has no edge.") { Hint = HowToInstall };
        await gate.WaitAsync(cancellationToken);
        try
        {
            var wanted = Text();
            if (await users.EnsureAsync(EdgePaths.User, EdgePaths.State, Step, cancellationToken) is { } unmade)
                return unmade;
            if (!File.Exists(paths.EdgeConfiguration) || await File.ReadAllTextAsync(paths.EdgeConfiguration, cancellationToken) != wanted)
                Write(wanted);
            if (await units.EnsureRunningAsync(EdgePaths.Unit, EdgeUnit.Render(program, paths.EdgeConfiguration), Step, cancellationToken) is { } down)
                return down;
            var loaded = await admin.ConfigurationAsync(cancellationToken);
            return IsSame(loaded, wanted) ? null : Failed(await admin.LoadAsync(wanted, cancellationToken));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Brings the routes up to date after a project's state changed. Does nothing where they are.</summary>
    public async Task<Failure?> ApplyAsync(CancellationToken cancellationToken)
    {
        if (!IsOn)
            return null;
        await gate.WaitAsync(cancellationToken);
        try
        {
            var wanted = Text();
            var before = File.Exists(paths.EdgeConfiguration) ? await File.ReadAllTextAsync(paths.EdgeConfiguration, cancellationToken) : "";
            if (before == wanted)
                return null;
            Write(wanted);
            if (Failed(await admin.LoadAsync(wanted, cancellationToken)) is not { } refused)
            {
                LogLoaded(logger);
                return null;
            }

            Write(before);
            return refused;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Whether a configuration that is loaded has the routes of all projects, and no other.</summary>
    public bool IsWanted(JsonNode? loaded) => IsSame(loaded, Text());

    public void Dispose() => gate.Dispose();

    private string Text() => CaddyConfig.Render(
        settings.Edge!,
        [.. releases.Projects().Select(p => RoutedProject.Of(p, releases.State(p), paths.EdgeSwitch(p))).OfType<RoutedProject>()]).ToJsonString();

    private static bool IsSame(JsonNode? loaded, string wanted) => JsonNode.DeepEquals(loaded, JsonNode.Parse(wanted));

    private void Write(string text) => DurableFile.Write(paths.EdgeConfiguration, Encoding.UTF8.GetBytes(text), DurableFile.Readable);

    private static Failure? Failed(string? reason) => reason is null ? null : new Failure(Step, FailureKind.Rejected, $"The edge did not take its routes: {reason.Trim()}")
    {
        Hint = reason.Contains("address already in use", StringComparison.Ordinal)
            ? "Another program has the port: ss --listening --tcp --processes names it. Stop it, or choose other ports under edge in /etc/vpspilot/agent.json or in the project's edge.port."
            : $"On the node: journalctl --unit {EdgePaths.Unit}.",
    };

    [LoggerMessage(EventId = 5500, Level = LogLevel.Information, Message = "The edge has new routes.")]
    private static partial void LogLoaded(ILogger logger);
}
