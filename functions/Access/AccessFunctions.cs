using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access;

/// <summary>Body of <c>POST /api/tokens</c>.</summary>
internal sealed record CreateTokenRequest(string? Name, Role? Role, IReadOnlyList<string>? Projects, DateTimeOffset? ExpiresAt);

/// <summary>Answer to <c>POST /api/tokens</c>: the only time that the token's text is shown.</summary>
internal sealed record CreatedToken(string Token, AccessToken Details);

/// <summary>Tokens and the audit log over HTTP.</summary>
internal sealed class AccessFunctions(TokenStore tokens, AuditLog audit)
{
    [Function(nameof(CreateToken))]
    [RequireRole(Role.Admin)]
    public async Task<IActionResult> CreateToken([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tokens")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, AccessJson.Default.CreateTokenRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = new List<Problem>();
        if (body.Name is not { Length: > 0 and <= 100 })
        {
            errors.Add(new("$.name", "must be 1 to 100 characters."));
        }

        if (body.Role is null)
        {
            errors.Add(new("$.role", "must be viewer, deployer or admin."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        var (text, token) = await tokens.CreateAsync(body.Name!, body.Role!.Value, body.Projects, body.ExpiresAt, ct);
        return Answers.Ok(new CreatedToken(text, token), AccessJson.Default.CreatedToken, 201);
    }

    [Function(nameof(ListTokens))]
    [RequireRole(Role.Admin)]
    public async Task<IActionResult> ListTokens([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tokens")] HttpRequest request, CancellationToken ct) =>
        Answers.Ok(new Page<AccessToken>(await tokens.ListAsync(ct), null), AccessJson.Default.PageAccessToken);

    [Function(nameof(DeleteToken))]
    [RequireRole(Role.Admin)]
    public async Task<IActionResult> DeleteToken([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "tokens/{id}")] HttpRequest request, string id, CancellationToken ct) =>
        await tokens.DeleteAsync(id, ct) ? new StatusCodeResult(204) : Answers.NotFound("token", id);

    [Function(nameof(ListAudit))]
    [RequireRole(Role.Admin)]
    public async Task<IActionResult> ListAudit([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit")] HttpRequest request, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        return paging is null ? Answers.Invalid(errors) : Answers.Ok(await audit.ListAsync(paging, ct), AccessJson.Default.PageAuditEntry);
    }
}
