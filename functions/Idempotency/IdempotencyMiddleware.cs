using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c> on POST: the same key with the same body has one effect and the same answer, for a day; with another body it is
/// refused. Requests that failed are not remembered: they changed nothing.
/// </summary>
internal sealed class IdempotencyMiddleware(IdempotencyStore store, TimeProvider time) : IFunctionsWorkerMiddleware
{
    public const string Header = "Idempotency-Key";

    private const int MaxBodyBytes = 1024 * 1024;
    private const int MaxKeyCharacters = 255;

    /// <summary>A request that runs for longer went away with its process.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { Request: var request } http || !HttpMethods.IsPost(request.Method) || request.Headers[Header].Count == 0 || Caller.Find(http) is not { } caller)
        {
            await next(context);
            return;
        }

        if (request.Headers[Header] is not [{ Length: > 0 and <= MaxKeyCharacters } header])
        {
            context.GetInvocationResult().Value = Answers.Invalid([new(Header, $"must be one text of 1 to {MaxKeyCharacters} characters.")]);
            return;
        }

        request.EnableBuffering(MaxBodyBytes);
        if (await RequestBody.ReadAsync(request, MaxBodyBytes, context.CancellationToken) is not { } body)
        {
            context.GetInvocationResult().Value = RequestBody.TooLarge(MaxBodyBytes);
            return;
        }

        request.Body.Position = 0;
        var key = IdempotencyStore.KeyOf(caller, request.Method, request.Path.Value!, header);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var (mine, earlier) = await store.BeginAsync(key, hash, context.CancellationToken);
        if (mine is null && (earlier!.Value.BodyHash != hash || earlier.Value.Answer is not null || (mine = await TakeOverAsync(key, earlier, context.CancellationToken)) is null))
        {
            context.GetInvocationResult().Value = await AgainAsync(key, hash, earlier.Value, context.CancellationToken);
            return;
        }

        await RunAsync(context, next, key, mine!, hash);
    }

    private async Task RunAsync(FunctionContext context, FunctionExecutionDelegate next, string key, string version, string hash)
    {
        var ended = false;
        try
        {
            await next(context);
            if (Record(context.GetInvocationResult().Value) is { } answer)
            {
                await store.EndAsync(key, version, hash, answer, CancellationToken.None);
                ended = true;
            }
        }
        finally
        {
            if (!ended)
            {
                await store.ForgetAsync(key, version, CancellationToken.None);
            }
        }
    }

    private async Task<string?> TakeOverAsync(string key, Versioned<IdempotentRequest> earlier, CancellationToken ct) =>
        time.GetUtcNow() - earlier.Value.At >= Patience ? await store.TakeOverAsync(key, earlier, ct) : null;

    private async Task<IActionResult> AgainAsync(string key, string hash, IdempotentRequest earlier, CancellationToken ct) =>
        earlier.BodyHash != hash ? Answers.Problem(422, "idempotency-key-reused", "This Idempotency-Key came with another body before.", "Take a new key for a new request.")
        : await store.AnswerAsync(key, earlier, ct) is { } answer ? new ReplayedAnswer(answer)
        : Answers.Conflict("idempotency-in-progress", "The first request with this Idempotency-Key still runs.", "Try again in a moment.");

    private static RecordedAnswer? Record(object? result) => result switch
    {
        IJsonAnswer { StatusCode: >= 200 and < 300 } json => new(json.StatusCode.Value, json.ContentType, json.Location, json.ETag, Convert.ToBase64String(json.Serialize())),
        StatusCodeResult { StatusCode: >= 200 and < 300 } plain => new(plain.StatusCode, null, null, null, ""),
        _ => null,
    };

    /// <summary>An answer that was given before.</summary>
    private sealed class ReplayedAnswer(RecordedAnswer answer) : IStatusCodeActionResult
    {
        public int? StatusCode => answer.Status;

        public async Task ExecuteResultAsync(ActionContext context)
        {
            var response = context.HttpContext.Response;
            response.StatusCode = answer.Status;
            response.Headers["Idempotent-Replayed"] = "true";
            response.Headers.Location = answer.Location;
            response.Headers.ETag = answer.ETag;
            if (answer.ContentType is { } type)
            {
                var body = Convert.FromBase64String(answer.Body);
                response.ContentType = type;
                response.ContentLength = body.Length;
                await response.Body.WriteAsync(body, context.HttpContext.RequestAborted);
            }
        }
    }
}
