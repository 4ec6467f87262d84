using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Access;

/// <summary>Body of <c>POST /api/tokens</c>.</summary>
internal sealed record CreateTokenRequest(string? Name, Role? Role, IReadOnlyList<string>? Projects, DateTimeOffset? ExpiresAt);

/// <summary>Answer to <c>POST /api/tokens</c>: the only time that the token's text is shown.</summary>
internal sealed record CreatedToken(string Token, TokenView Details);

/// <summary>Tokens and the audit log over HTTP.</summary>
internal sealed class AccessFunctions(TokenStore tokens, AuditLog audit, ProjectStore projects, TimeProvider time)
{
    private const int MaxProjects = 100;

    [Function(nameof(CreateToken))]
    [RequireRole(Role.Admin)]
    [Api("Makes a token; its text is only in this answer", Body = typeof(CreateTokenRequest), Answer = typeof(CreatedToken), Status = 201)]
    public async Task<IActionResult> CreateToken([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tokens")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, AccessJson.Default.CreateTokenRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = await MistakesAsync(body, ct);
        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var (text, token) = await tokens.CreateAsync(body.Name!, body.Role!.Value, body.Projects, body.ExpiresAt, ct);
        var view = TokenView.Of(token, null);
        AuditChange.Note(request, null, view, AccessJson.Default.TokenView);
        return Answers.Ok(new CreatedToken(text, view), AccessJson.Default.CreatedToken, 201);
    }

    [Function(nameof(ListTokens))]
    [RequireRole(Role.Admin)]
    [Api("Tokens, with their last uses", Answer = typeof(Page<TokenView>))]
    public async Task<IActionResult> ListTokens([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/tokens")] HttpRequest request, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        return paging is null ? Answers.Invalid(errors) : Answers.Ok(await tokens.ListAsync(paging, ct), AccessJson.Default.PageTokenView);
    }

    [Function(nameof(DeleteToken))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a token")]
    public async Task<IActionResult> DeleteToken([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/tokens/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        var deletion = await tokens.DeleteAsync(id, ct);
        if (deletion.Token is not { } token)
        {
            return Answers.NotFound("token", id);
        }

        if (deletion.IsLastAdmin)
        {
            return Answers.Conflict("last-admin-token", "This is the last token with which everything can be changed.", "Make another admin token first, without an end and without projects.");
        }

        AuditChange.Note(request, TokenView.Of(token, null), null, AccessJson.Default.TokenView);
        return new StatusCodeResult(204);
    }

    [Function(nameof(ListAudit))]
    [RequireRole(Role.Admin)]
    [Api("Who did what, when and from where, newest first", Answer = typeof(Page<AuditEntry>))]
    public async Task<IActionResult> ListAudit([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/audit")] HttpRequest request, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        return paging is null ? Answers.Invalid(errors) : Answers.Ok(await audit.ListAsync(paging, ct), AccessJson.Default.PageAuditEntry);
    }

    private async Task<IReadOnlyList<Problem>> MistakesAsync(CreateTokenRequest body, CancellationToken ct)
    {
        var errors = new List<Problem>();
        if (body.Name is not { Length: > 0 and <= 100 })
        {
            errors.Add(new("$.name", "must be 1 to 100 characters."));
        }

        if (body.Role is null)
        {
            errors.Add(new("$.role", "must be viewer, deployer or admin."));
        }

        if (body.ExpiresAt <= time.GetUtcNow())
        {
            errors.Add(new("$.expiresAt", "must be in the future."));
        }

        if (body.Projects is { Count: 0 or > MaxProjects })
        {
            errors.Add(new("$.projects", $"must be 1 to {MaxProjects} projects; leave it out for all."));
        }

        foreach (var (i, project) in (body.Projects ?? []).Take(MaxProjects).Index())
        {
            if (project is null || await projects.GetAsync(project, ct) is null)
            {
                errors.Add(new($"$.projects[{i}]", $"there is no project '{project}'."));
            }
        }

        return errors;
    }
}
