using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>Finds the nodes that are offline, and were waited for as long as the config says.</summary>
internal sealed class FindOfflineNodesActivity(DeploymentStore deployments, ProjectStore projects, NodePresence presence, TimeProvider time)
{
    [Function(nameof(FindOfflineNodesActivity))]
    public async Task<OfflineAnswer> Run([ActivityTrigger] OfflineQuestion question, CancellationToken ct)
    {
        // Any node that has built has told what the commit says; until then the project's word or the standard holds.
        var commits = (await deployments.GetAsync(question.DeploymentId, ct))?.Config ?? new DeploymentConfig();
        var config = RolloutOverrides.Apply((await projects.GetAsync(question.ProjectId, ct))?.Deployment, commits);
        var (offline, given) = (new List<string>(), new List<string>());
        foreach (var node in question.Nodes)
        {
            if (await presence.OfflineSinceAsync(node, ct) is not { } since)
            {
                continue;
            }

            offline.Add(node);
            if (time.GetUtcNow() - Later(since, new(question.Since, TimeSpan.Zero)) >= config.OfflineWait)
            {
                given.Add(node);
            }
        }

        return new(given, config.OfflineNodes == OfflineNodes.Exclude) { Offline = offline };
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
