using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Schedules;

/// <summary>Compares what nodes say that they serve with what was deployed there last. A project that is being deployed has no drift.</summary>
internal sealed class DriftReader(DeploymentStore deployments, NodeStore nodes, LaneStore lanes)
{
    private const int Lookback = 20;

    /// <summary>A report may have been under way while the deployment ended.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Drift>> ReadAsync(Project project, CancellationToken ct)
    {
        if ((await lanes.GetAsync(project.Id, ct)).Active is not null)
        {
            return [];
        }

        var found = new List<Drift>();
        var recent = (await deployments.ListAsync(project.Id, new Paging(Lookback, null), ct)).Items.Where(d => d.FinishedAt is not null).ToList();
        foreach (var node in project.Nodes)
        {
            if (await WantedAsync(recent, node, ct) is not ({ } wanted, { } since) || await nodes.GetSignAsync(node, ct) is not { } sign || sign.LastSeenAt < since + Margin)
            {
                continue;
            }

            var serving = sign.Serving.GetValueOrDefault(project.Id);
            if (serving is null || serving.ReleaseId != wanted.ReleaseId || (serving is { AnsweredBy: { } answers, TrafficPercent: null } && answers != wanted.ReleaseId))
            {
                found.Add(new Drift
                {
                    ProjectId = project.Id,
                    NodeId = node,
                    WantedRelease = wanted.ReleaseId,
                    WantedCommit = wanted.Commit,
                    ServingRelease = serving?.AnsweredBy ?? serving?.ReleaseId,
                    ServingCommit = serving?.Commit,
                    ReportedAt = sign.ReportedAt,
                });
            }
        }

        return found;
    }

    /// <summary>What served on the node after the last deployment that touched it, and since when; nulls when none did.</summary>
    private async Task<(ServingRelease? Release, DateTimeOffset? Since)> WantedAsync(IReadOnlyList<Deployment> recent, string node, CancellationToken ct)
    {
        foreach (var deployment in recent.Where(d => d.Nodes.Contains(node, StringComparer.Ordinal)))
        {
            if (await deployments.NodeAsync(deployment.Id, node, ct) is { Release: { } release })
            {
                return (release, deployment.FinishedAt);
            }
        }

        return default;
    }
}
