using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>Collects what the orchestration needs to know, and checks what can be checked before anything is sent.</summary>
internal sealed class PlanDeploymentActivity(DeploymentStore deployments, ProjectStore projects, NodeStore nodes, NodePresence presence, ControlPlaneOptions options, TimeProvider time)
{
    [Function(nameof(PlanDeploymentActivity))]
    public async Task<DeploymentPlan> Run([ActivityTrigger] string deploymentId, CancellationToken ct)
    {
        var isRollback = false;
        var deployment = await deployments.UpdateAsync(deploymentId, d =>
        {
            isRollback = d.Trigger == DeploymentTrigger.Rollback;
            return d.StartedAt is not null ? null : d with
            {
                StartedAt = time.GetUtcNow(),
                Status = isRollback || !d.Status.IsBeforeSwitch() ? d.Status : DeploymentStatus.Building,
            };
        }, ct);
        await deployments.ListInProjectAsync(deployment, ct);
        var status = isRollback ? NodeStatus.Pending : NodeStatus.Building;
        await Parallel.ForEachAsync(deployment.Nodes, ct, async (node, each) =>
            await deployments.UpdateNodeAsync(deploymentId, node, current => current is null ? new DeploymentNode { NodeId = node, Status = status } : null, each));
        var project = await projects.GetAsync(deployment.ProjectId, ct);
        return new DeploymentPlan
        {
            ProjectId = deployment.ProjectId,
            Commit = deployment.Commit,
            Nodes = deployment.Nodes,
            BuildSets = project is { BuildOnce: true } && !isRollback && deployment.Nodes.Count > 1 ? await BuildSetsAsync(deployment, ct) : [],
            Failure = await MistakeAsync(deployment, project, ct),
            RollBackTo = deployment.RollBackTo,
            Reason = isRollback ? $"Asked for by {deployment.RequestedBy}." : null,
            Serving = isRollback ? await ServingAsync(deployment, ct) : new Dictionary<string, string>(StringComparer.Ordinal),
            Overrides = project?.Deployment,
            BuildTimeout = options.BuildTimeout,
            ActivateMargin = options.ActivateMargin,
            CancelGrace = options.CancelGrace,
        };
    }

    private async Task<Failure?> MistakeAsync(Deployment deployment, Project? project, CancellationToken ct)
    {
        if (project is null)
        {
            return Rejected($"The project '{deployment.ProjectId}' was deleted.", null);
        }

        foreach (var id in deployment.Nodes)
        {
            var node = await nodes.GetAsync(id, ct);
            if (node is null)
            {
                return Rejected($"The node '{id}' was deleted.", "Change the project's nodes.");
            }

            if (node.EnrolledAt is null)
            {
                return Rejected($"The node '{id}' has not been enrolled yet.", "Run the install command on it; POST /api/nodes/{id}/enrollment gives a new one.");
            }
        }

        return null;
    }

    /// <summary>Nodes by system, those first that are online. A node that has not said what it is builds for itself.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<string>>> BuildSetsAsync(Deployment deployment, CancellationToken ct)
    {
        var known = new List<(string Node, string System, bool IsOffline)>();
        foreach (var node in deployment.Nodes)
        {
            known.Add((node, (await nodes.GetSignAsync(node, ct))?.Facts.System ?? "of " + node, await presence.OfflineSinceAsync(node, ct) is not null));
        }

        return [.. known.GroupBy(n => n.System, StringComparer.Ordinal).Select(s => s.OrderBy(n => n.IsOffline).Select(n => n.Node).ToList())];
    }

    private async Task<Dictionary<string, string>> ServingAsync(Deployment deployment, CancellationToken ct)
    {
        var serving = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in deployment.Nodes)
        {
            if ((await nodes.GetSignAsync(node, ct))?.Serving.GetValueOrDefault(deployment.ProjectId) is { } release)
            {
                serving[node] = release.ReleaseId;
            }
        }

        return serving;
    }

    private static Failure Rejected(string message, string? hint) => new("plan", FailureKind.Rejected, message) { Hint = hint };
}
