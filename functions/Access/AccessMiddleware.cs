using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access;

/// <summary>Checks the bearer token of every HTTP call that asks for a role, and writes changes and denials to the audit log.</summary>
internal sealed class AccessMiddleware(TokenStore tokens, AccessRules rules, AuditLog audit) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || rules.RequiredFor(context.FunctionDefinition.Name) is not { } required)
        {
            await next(context);
            return;
        }

        var token = await FindTokenAsync(http.Request, context.CancellationToken);
        if (token is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            await DenyAsync(context, http, null, Answers.Problem(401, "unauthorized", "A valid bearer token is required.", "Send the header 'Authorization: Bearer <token>'."), 401);
            return;
        }

        if (token.Role < required || !IsInScope(token, http.Request))
        {
            var detail = token.Role < required ? $"This needs the role {required}; the token '{token.Name}' has {token.Role}." : $"The token '{token.Name}' is limited to other projects.";
            await DenyAsync(context, http, token, Answers.Problem(403, "forbidden", "The token may not do this.", detail), 403);
            return;
        }

        new Caller(token.Id, token.Name, token.Role).Attach(http);
        await next(context);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            var status = (context.GetInvocationResult().Value as IStatusCodeActionResult)?.StatusCode;
            await audit.WriteAsync(Entry(context, http, token, status ?? http.Response.StatusCode), CancellationToken.None);
        }
    }

    /// <summary>A limited token reaches its projects' own paths and nothing else.</summary>
    private static bool IsInScope(AccessToken token, HttpRequest request)
    {
        if (token.Projects is null)
        {
            return true;
        }

        var segments = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var projects = Array.IndexOf(segments, "projects");
        return projects >= 0 && projects + 1 < segments.Length && token.Projects.Contains(segments[projects + 1], StringComparer.Ordinal);
    }

    private static AuditEntry Entry(FunctionContext context, HttpContext http, AccessToken? token, int status) => new()
    {
        Who = token?.Name,
        TokenId = token?.Id,
        What = context.FunctionDefinition.Name,
        Method = http.Request.Method,
        Path = http.Request.Path,
        From = http.Connection.RemoteIpAddress?.ToString(),
        Status = status,
    };

    private async Task DenyAsync(FunctionContext context, HttpContext http, AccessToken? token, IActionResult problem, int status)
    {
        await audit.WriteDenialAsync(Entry(context, http, token, status), CancellationToken.None);
        context.GetInvocationResult().Value = problem;
    }

    private async Task<AccessToken?> FindTokenAsync(HttpRequest request, CancellationToken ct) =>
        Bearer.Of(request) is { } text && text.StartsWith(Tokens.Access, StringComparison.Ordinal) ? await tokens.FindAsync(text, ct) : null;
}
