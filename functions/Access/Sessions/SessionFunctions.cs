using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access.Sessions;

/// <summary>Body of <c>POST /api/session</c>.</summary>
internal sealed record SignInRequest(string? Token);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignInRequest))]
internal sealed partial class SessionsJson : JsonSerializerContext;

/// <summary>Signs a browser in with a token, and out.</summary>
internal sealed class SessionFunctions(TokenStore tokens, SessionCookie cookie, OwnOrigin origin, Denials denials, AuditLog audit)
{
    private static readonly ProblemDocument Unknown = new() { Status = 401, Code = "unauthorized", Title = "The token is not known, or has expired." };

    [Function(nameof(SignIn))]
    [OpenEndpoint]
    [Api("Signs a browser in: puts the token into a cookie that scripts cannot read", Body = typeof(SignInRequest), Answer = typeof(WhoAmI))]
    public async Task<IActionResult> SignIn([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/session")] HttpRequest request, CancellationToken ct)
    {
        if (!origin.Allows(request))
        {
            return await ForeignAsync(request, nameof(SignIn));
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, SessionsJson.Default.SignInRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var text = body.Token?.Trim() ?? "";
        if (!text.StartsWith(Tokens.Access, StringComparison.Ordinal) || await tokens.FindAsync(text, ct) is not { } token)
        {
            return await denials.UnknownAsync(request, nameof(SignIn), Unknown);
        }

        cookie.Set(request, text);
        await audit.WriteAsync(denials.Entry(request, nameof(SignIn), token, 200), CancellationToken.None);
        return Answers.Ok(Of(token), WhoAmIJson.Default.WhoAmI);
    }

    /// <summary>Whom the cookie speaks for; 204 without one, which is no failure.</summary>
    [Function(nameof(GetSession))]
    [OpenEndpoint]
    [Api("Who is signed in; 204 for nobody", Answer = typeof(WhoAmI))]
    public async Task<IActionResult> GetSession([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/session")] HttpRequest request, CancellationToken ct)
    {
        if (cookie.Of(request) is not { } text || !origin.Allows(request))
        {
            return new StatusCodeResult(204);
        }

        if (await tokens.FindAsync(text, ct) is { } token)
        {
            return Answers.Ok(Of(token), WhoAmIJson.Default.WhoAmI);
        }

        cookie.Clear(request);
        return new StatusCodeResult(204);
    }

    [Function(nameof(SignOut))]
    [OpenEndpoint]
    [Api("Signs a browser out")]
    public async Task<IActionResult> SignOut([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/session")] HttpRequest request, CancellationToken ct)
    {
        if (!origin.Allows(request))
        {
            return await ForeignAsync(request, nameof(SignOut));
        }

        if (cookie.Of(request) is { } text && await tokens.FindAsync(text, ct) is { } token)
        {
            await audit.WriteAsync(denials.Entry(request, nameof(SignOut), token, 204), CancellationToken.None);
        }

        cookie.Clear(request);
        return new StatusCodeResult(204);
    }

    /// <summary>So that no other site signs a browser in as somebody else, or out.</summary>
    private async Task<IActionResult> ForeignAsync(HttpRequest request, string what)
    {
        await denials.NoteAsync(request, what, 403);
        return Answers.Problem(403, "foreign-origin", "Only the dashboard itself signs in and out.");
    }

    private static WhoAmI Of(AccessToken token) => new(token.Name, token.Role, token.Projects);
}
