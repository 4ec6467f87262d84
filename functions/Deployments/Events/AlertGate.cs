using Microsoft.Extensions.Logging;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Lets a node raise alerts of its own alone: under a project or deployment that it has, of a size that fits every message, and not more than a
/// bounded number an hour. Of more only the log tells.
/// </summary>
internal sealed class AlertGate(ProjectStore projects, DeploymentStore deployments, TimeProvider time, ILogger<AlertGate> logger)
{
    public const int MostPerHour = 60;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> hours = new(StringComparer.Ordinal);

    /// <summary>The alert as it is to be kept; null when the node has raised too many.</summary>
    public async Task<AlertRow?> AdmitAsync(EventEnvelope envelope, Alert alert, CancellationToken ct)
    {
        if (!MayRaise(envelope.NodeId))
        {
            logger.EventDropped(envelope.NodeId, $"it raised more than {MostPerHour} alerts within an hour");
            return null;
        }

        var bounded = alert.Bounded();
        return new AlertRow
        {
            Id = Bounds.Id(envelope.EventId),
            NodeId = envelope.NodeId,
            ProjectId = envelope.ProjectId is { } project && (await projects.GetAsync(project, ct))?.Nodes.Contains(envelope.NodeId, StringComparer.Ordinal) == true ? project : null,
            DeploymentId = envelope.DeploymentId is { } deployment && (await deployments.GetAsync(deployment, ct))?.Nodes.Contains(envelope.NodeId, StringComparer.Ordinal) == true ? deployment : null,
            Code = bounded.Code,
            Message = bounded.Message,
            At = envelope.OccurredAt,
        };
    }

    private bool MayRaise(string nodeId)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var hour = hours.GetValueOrDefault(nodeId) is { Count: > 0 } known && now - known.Since < TimeSpan.FromHours(1) ? known : (Since: now, Count: 0);
            hours[nodeId] = hour with { Count = hour.Count + 1 };
            return hour.Count < MostPerHour;
        }
    }
}
