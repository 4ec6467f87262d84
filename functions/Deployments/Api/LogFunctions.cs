using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Operations;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Where a log ends.</summary>
internal sealed record LogOffset(long Offset);

/// <summary>Logs of deployments: agents append, people read.</summary>
internal sealed class LogFunctions(ILogStore logs, DeploymentStore deployments, OperationStore operations, AgentCaller callers, FollowLog follow, Signal signal, StreamLife life)
{
    private const int MaxChunkBytes = 256 * 1024;

    /// <summary>One node's log of one deployment. An agent that goes wild must not fill the disk.</summary>
    private const long MaxLogBytes = 64L * 1024 * 1024;

    [Function(nameof(AppendLog))]
    [OpenEndpoint]
    [Api("An agent appends to a log", Answer = typeof(LogOffset), Query = ["offset"])]
    public async Task<IActionResult> AppendLog([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agent/deployments/{id}/log")] HttpRequest request, string id, CancellationToken ct)
    {
        var (node, refusal) = await callers.OfAsync(request, nameof(AppendLog), ct);
        if (node is null)
        {
            return refusal!;
        }

        if (!long.TryParse(request.Query["offset"], out var offset) || offset < 0)
        {
            return Answers.Invalid([new("offset", "must be the length of the log so far, in bytes.")]);
        }

        var writers = (await deployments.GetAsync(id, ct))?.Nodes ?? (await operations.GetAsync(id, ct))?.Nodes;
        if (writers is null || !writers.Contains(node.Id, StringComparer.Ordinal))
        {
            return Answers.NotFound("deployment", id);
        }

        if (await RequestBody.ReadAsync(request, MaxChunkBytes, ct) is not { } chunk)
        {
            return RequestBody.TooLarge(MaxChunkBytes);
        }

        if (offset + chunk.Length > MaxLogBytes)
        {
            return Answers.Problem(413, "log-full", "The log is full.", $"At most {MaxLogBytes} bytes are kept of one node and deployment.");
        }

        var append = await logs.AppendAsync(Name(id, node.Id), offset, chunk, ct);
        signal.Pulse();
        return append.Accepted
            ? Answers.Ok(new LogOffset(append.Length), DeploymentApiJson.Default.LogOffset)
            : Answers.Problem(new ProblemDocument { Status = 409, Code = "log-offset", Title = "The log has another length.", Detail = $"Go on from {append.Length}.", Offset = append.Length });
    }

    [Function(nameof(GetLog))]
    [RequireRole(Role.Viewer)]
    [Api("The build log as text; follow=1 goes on until the end", Media = "text/plain", Query = ["node", "offset", "follow"])]
    public async Task<IActionResult> GetLog([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/deployments/{id}/log")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await deployments.GetAsync(id, ct) is not { } deployment)
        {
            return Answers.NotFound("deployment", id);
        }

        var (range, problem) = LogRange.Of(request, deployment.Nodes);
        if (range is null)
        {
            return problem!;
        }

        IReadOnlyList<(string Node, string Name)> parts = [.. range.Nodes.Select(n => (n, Name(id, n)))];
        return request.Query["follow"] is ["1" or "true"]
            ? new StreamAnswer(life, (response, end) => follow.WriteAsync(response, id, parts, range.Offset, end))
            : new LogAnswer(logs, parts, range.Offset);
    }

    private static string Name(string deployment, string node) => $"{deployment}/{node}";
}
