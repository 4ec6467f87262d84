using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using VpsPilot.Functions.Access.Sessions;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access;

/// <summary>Checks the token of every HTTP call that asks for a role, in its header or in the cookie of a browser, and writes changes and denials to the audit log.</summary>
internal sealed class AccessMiddleware(TokenStore tokens, TokenScope scope, AccessRules rules, SessionCookie cookie, OwnOrigin origin, AuditLog audit, Denials denials) : IFunctionsWorkerMiddleware
{
    private static readonly ProblemDocument Unauthorized =
        new() { Status = 401, Code = "unauthorized", Title = "A valid bearer token is required.", Detail = "Send the header 'Authorization: Bearer <token>'." };

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || rules.RequiredFor(context.FunctionDefinition.Name) is not { } required)
        {
            await next(context);
            return;
        }

        var function = context.FunctionDefinition.Name;
        var session = http.Request.Headers.Authorization.Count == 0 ? cookie.Of(http.Request) : null;
        var token = await FindTokenAsync(session ?? Bearer.Of(http.Request), context.CancellationToken);
        if (token is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            context.GetInvocationResult().Value = await denials.UnknownAsync(http.Request, function, Unauthorized);
            return;
        }

        if (session is not null && !origin.Allows(http.Request))
        {
            context.GetInvocationResult().Value = await denials.ForbiddenAsync(http.Request, function, token, "The cookie of a session counts only in requests of the dashboard itself.");
            return;
        }

        await tokens.NoteUseAsync(token, denials.Entry(http.Request, function, token, 0).From, CancellationToken.None);
        if (token.Role < required || !await scope.ContainsAsync(token, http.Request, context.CancellationToken))
        {
            var detail = token.Role < required ? $"This needs the role {required}; the token '{token.Name}' has {token.Role}." : $"The token '{token.Name}' is limited to other projects.";
            context.GetInvocationResult().Value = await denials.ForbiddenAsync(http.Request, function, token, detail);
            return;
        }

        new Caller(token.Id, token.Name, token.Role) { Projects = token.Projects }.Attach(http);
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            await next(context);
            return;
        }

        // What throws may have changed something before it did.
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = (context.GetInvocationResult().Value as IStatusCodeActionResult)?.StatusCode ?? http.Response.StatusCode;
        }
        finally
        {
            var change = status is < 400 or 500 ? AuditChange.Of(http) : null;
            await audit.WriteAsync(denials.Entry(http.Request, function, token, status) with { Before = change?.Before, After = change?.After }, CancellationToken.None);
        }
    }

    private async Task<AccessToken?> FindTokenAsync(string? text, CancellationToken ct) =>
        text?.StartsWith(Tokens.Access, StringComparison.Ordinal) == true ? await tokens.FindAsync(text, ct) : null;
}
