using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access;

/// <summary>Refuses callers: each refusal is in the audit log, and an address that goes on is told to wait.</summary>
internal sealed class Denials(AuditLog audit, FailureLimiter limiter, ClientAddress addresses)
{
    /// <summary>Answers a caller who could not show who they are.</summary>
    /// <param name="request">The request.</param>
    /// <param name="what">Name of the function.</param>
    /// <param name="problem">The answer, unless the address failed too often.</param>
    /// <param name="scope">Keeps failures of different kinds apart in the limit.</param>
    /// <param name="who">Who they say they are, for the audit log.</param>
    /// <param name="detail">Why they are refused, for the audit log alone.</param>
    public async Task<IActionResult> UnknownAsync(HttpRequest request, string what, ProblemDocument problem, string scope = "", string? who = null, string? detail = null)
    {
        if (limiter.Record(request, scope) is { } wait)
        {
            return new JsonAnswer<ProblemDocument>(
                new ProblemDocument { Status = 429, Code = "too-many-failures", Title = "Too many failed attempts from this address.", Detail = "Wait, then try again with what is right." },
                ApiJson.Default.ProblemDocument, 429, Answers.ProblemType)
            {
                RetryAfter = wait,
            };
        }

        await audit.WriteDenialAsync(Entry(request, what, null, problem.Status) with { Who = who, Detail = detail }, CancellationToken.None);
        return Answers.Problem(problem);
    }

    /// <summary>Answers a caller who is known and may not do this.</summary>
    public async Task<IActionResult> ForbiddenAsync(HttpRequest request, string what, AccessToken token, string detail)
    {
        await audit.WriteDenialAsync(Entry(request, what, token, 403), CancellationToken.None);
        return Answers.Problem(403, "forbidden", "The token may not do this.", detail);
    }

    /// <summary>Writes down a refusal that is answered by the caller of this.</summary>
    public Task NoteAsync(HttpRequest request, string what, int status, string? who = null) => audit.WriteDenialAsync(Entry(request, what, null, status) with { Who = who }, CancellationToken.None);

    public AuditEntry Entry(HttpRequest request, string what, AccessToken? token, int status) => new()
    {
        Who = token?.Name,
        TokenId = token?.Id,
        What = what,
        Method = request.Method,
        Path = request.Path.Value is { Length: > 500 } path ? path[..500] : request.Path,
        From = addresses.Of(request.HttpContext),
        Status = status,
    };
}
