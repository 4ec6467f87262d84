using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Deployments over HTTP: read, cancel, approve.</summary>
internal sealed class DeploymentFunctions(ProjectStore projects, DeploymentStore deployments)
{
    [Function(nameof(GetDeployment))]
    [RequireRole(Role.Viewer)]
    [Api("One deployment, with its nodes and their steps", Answer = typeof(DeploymentView))]
    public async Task<IActionResult> GetDeployment([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/deployments/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await deployments.GetAsync(id, ct) is not { } deployment)
        {
            return Answers.NotFound("deployment", id);
        }

        var nodes = (await deployments.NodesAsync(id, ct)).ToDictionary(n => n.NodeId, StringComparer.Ordinal);
        var steps = await deployments.StepsAsync(id, ct);
        var view = DeploymentView.Of(deployment) with { Nodes = [.. deployment.Nodes.Select(n => DeploymentNodeView.Of(n, nodes.GetValueOrDefault(n), steps))], ExcludedNodes = [.. nodes.Values.Where(n => n.Status == NodeStatus.Excluded).Select(n => n.NodeId)] };
        return Answers.Ok(view, DeploymentApiJson.Default.DeploymentView);
    }

    [Function(nameof(ListDeployments))]
    [RequireRole(Role.Viewer)]
    [Api("Deployments of a project, newest first", Answer = typeof(Page<DeploymentView>))]
    public async Task<IActionResult> ListDeployments([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/deployments")] HttpRequest request, string id, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        if (paging is null)
        {
            return Answers.Invalid(errors);
        }

        if (await projects.GetAsync(id, ct) is null)
        {
            return Answers.NotFound("project", id);
        }

        var page = await deployments.ListAsync(id, paging, ct);
        return Answers.Ok(new Page<DeploymentView>([.. page.Items.Select(DeploymentView.Of)], page.NextCursor), DeploymentApiJson.Default.PageDeploymentView);
    }

    [Function(nameof(CancelDeployment))]
    [RequireRole(Role.Deployer)]
    [Api("Cancels a deployment", Answer = typeof(DeploymentView), Status = 202)]
    public async Task<IActionResult> CancelDeployment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/deployments/{id}/cancel")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await deployments.GetAsync(id, ct) is null)
        {
            return Answers.NotFound("deployment", id);
        }

        var stop = new StopRequest(StopKind.Canceled, Caller.Of(request.HttpContext).Name);
        if (!await deployments.RequestStopAsync(id, stop, ct))
        {
            return Answers.Conflict("deployment-ended", "The deployment has ended already.", "Roll back to take back what it did.");
        }

        // One that is not started yet finds the wish in its row.
        if (await client.GetInstanceAsync(id, ct) is { IsCompleted: false })
        {
            await client.RaiseIfRunningAsync(id, Turn.StopEvent, stop, CancellationToken.None);
        }

        return Answers.Ok(DeploymentView.Of((await deployments.GetAsync(id, ct))!), DeploymentApiJson.Default.DeploymentView, 202);
    }

    [Function(nameof(ApproveDeployment))]
    [RequireRole(Role.Deployer)]
    [Api("Lets a canary go on that waits for it", Answer = typeof(DeploymentView), Status = 202)]
    public async Task<IActionResult> ApproveDeployment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/deployments/{id}/approve")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await deployments.GetAsync(id, ct) is null)
        {
            return Answers.NotFound("deployment", id);
        }

        var by = Caller.Of(request.HttpContext).Name;
        if (!await deployments.ApproveAsync(id, by, ct))
        {
            return Answers.Conflict("deployment-waits-for-no-approval", "The deployment does not wait for an approval.", "GET /api/deployments/{id} shows in 'canary' where it stands.");
        }

        // Also when it was approved before: the earlier call may have been stopped just here.
        await client.RaiseIfRunningAsync(id, CanaryPhase.ApproveEvent, by, CancellationToken.None);
        return Answers.Ok(DeploymentView.Of((await deployments.GetAsync(id, ct))!), DeploymentApiJson.Default.DeploymentView, 202);
    }
}
