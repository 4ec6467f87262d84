using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Operations;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Schedules;

/// <summary>Compares what nodes say that they serve with what was deployed there last. A project that is being deployed has no drift, and one that a person stopped may stand still.</summary>
internal sealed class DriftReader(DeploymentStore deployments, NodeStore nodes, LaneStore lanes, StoppedProjects stopped)
{
    /// <summary>A report may have been under way while the deployment ended.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Drift>> ReadAsync(Project project, CancellationToken ct)
    {
        if ((await lanes.GetAsync(project.Id, ct)).Active is not null)
        {
            return [];
        }

        var found = new List<Drift>();
        foreach (var (node, (wanted, since)) in await WantedAsync(project, ct))
        {
            if (await nodes.GetSignAsync(node, ct) is not { } sign || sign.LastSeenAt < since + Margin)
            {
                continue;
            }

            var serving = sign.Serving.GetValueOrDefault(project.Id);
            if (serving is null && sign.IsCut)
            {
                continue;
            }

            var isOther = serving is null || serving.ReleaseId != wanted.ReleaseId;
            var mistake = serving?.Mistake();
            if (isOther || (mistake is not null && !await stopped.IsStoppedAsync(project.Id, node, since, ct)))
            {
                // One that stands still or does not answer serves nothing.
                var answers = mistake is null || serving?.AnsweredBy is not null;
                found.Add(new Drift
                {
                    ProjectId = project.Id,
                    NodeId = node,
                    WantedRelease = wanted.ReleaseId,
                    WantedCommit = wanted.Commit,
                    ServingRelease = answers ? serving?.AnsweredBy ?? serving?.ReleaseId : null,
                    ServingCommit = answers ? serving?.Commit : null,
                    Detail = mistake,
                    ReportedAt = sign.ReportedAt,
                });
            }
        }

        return found;
    }

    /// <summary>What served on each node after the last deployment that touched it, and since when; without the nodes that none touched.</summary>
    private async Task<IReadOnlyDictionary<string, (ServingRelease Release, DateTimeOffset Since)>> WantedAsync(Project project, CancellationToken ct)
    {
        var wanted = new Dictionary<string, (ServingRelease, DateTimeOffset)>(StringComparer.Ordinal);
        var open = project.Nodes.ToHashSet(StringComparer.Ordinal);
        await foreach (var deployment in deployments.NewestAsync(project.Id, ct))
        {
            // One that gave way before it began touched nothing; storms of pushes leave many of them.
            if (deployment.FinishedAt is not { } end || deployment is { Status: DeploymentStatus.Superseded, StartedAt: null })
            {
                continue;
            }

            foreach (var node in deployment.Nodes.Where(open.Contains).ToList())
            {
                if (await deployments.NodeAsync(deployment.Id, node, ct) is { Release: { } release })
                {
                    open.Remove(node);
                    wanted[node] = (release, end);
                }
            }

            if (open.Count == 0)
            {
                break;
            }
        }

        return wanted;
    }
}
