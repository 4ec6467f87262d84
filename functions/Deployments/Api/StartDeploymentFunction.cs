using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Contracts;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Body of <c>POST /api/projects/{id}/deployments</c>.</summary>
internal sealed record StartDeploymentRequest(string? Commit, string? Branch);

/// <summary>Starts a deployment.</summary>
internal sealed class StartDeploymentFunction(ProjectStore projects, DeploymentStarter starter, TimeProvider time)
{
    [Function(nameof(StartDeployment))]
    [RequireRole(Role.Deployer)]
    [Api("Starts a deployment", Body = typeof(StartDeploymentRequest), Answer = typeof(DeploymentView), Status = 202)]
    public async Task<IActionResult> StartDeployment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{id}/deployments")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, DeploymentApiJson.Default.StartDeploymentRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = new List<Problem>();
        if (body.Commit is { } commit && !CommitId.IsFull(commit))
        {
            errors.Add(new("$.commit", "must be a full commit id: 40 (or 64) lower-case hex digits."));
        }

        if (body.Branch is { } branch && !ProjectValidation.IsBranch(branch))
        {
            errors.Add(new("$.branch", "is not a branch name that git accepts."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var deployment = await starter.StartAsync(client, project, new DeploymentRequest
        {
            Id = DeploymentIds.OfRequest(request, id, time.GetUtcNow()),
            Trigger = DeploymentTrigger.Api,
            RequestedBy = Caller.Of(request.HttpContext).Name,
            Commit = body.Commit,
            Branch = body.Branch,
        }, ct);
        return new JsonAnswer<DeploymentView>(DeploymentView.Of(deployment), DeploymentApiJson.Default.DeploymentView, 202) { Location = $"/api/deployments/{deployment.Id}" };
    }
}
