using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>Body of <c>PUT /api/projects/{project}/status-token</c>.</summary>
/// <param name="Token">A GitHub token that may write commit statuses and deployments of the repository.</param>
internal sealed record StatusTokenRequest(string? Token);

/// <summary>With a token set, GitHub shows at each commit how its deployment went.</summary>
internal sealed class StatusTokenFunctions(ProjectStore projects, StatusTokens tokens)
{
    [Function(nameof(SetStatusToken))]
    [RequireRole(Role.Admin)]
    [Api("Sets the token with which commits on GitHub get their status", Body = typeof(StatusTokenRequest))]
    public async Task<IActionResult> SetStatusToken([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/projects/{project}/status-token")] HttpRequest request, string project, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, NoticesJson.Default.StatusTokenRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        if (await projects.GetAsync(project, ct) is not { } found)
        {
            return Answers.NotFound("project", project);
        }

        if (body.Token is not { Length: > 0 and <= 500 } || body.Token.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' '))
        {
            return Answers.Invalid([new("$.token", "must be 1 to 500 characters without spaces.")]);
        }

        if (found.Provider != "github" || GitHubRepository.Of(found.Repository) is null)
        {
            return Answers.Conflict("not-on-github", "The project's repository is not one on GitHub.", "Its provider must be github, and its repository https://…/owner/name or git@…:owner/name.");
        }

        await tokens.SetAsync(project, body.Token, Caller.Of(request.HttpContext).Name, ct);
        return new StatusCodeResult(204);
    }

    [Function(nameof(DeleteStatusToken))]
    [RequireRole(Role.Admin)]
    [Api("Reports to GitHub no more")]
    public async Task<IActionResult> DeleteStatusToken([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/projects/{project}/status-token")] HttpRequest request, string project, CancellationToken ct) =>
        Identifier.IsValid(project) && await tokens.DeleteAsync(project, ct) ? new StatusCodeResult(204) : Answers.NotFound("status-token", project);
}
