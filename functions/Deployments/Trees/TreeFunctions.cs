using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments.Api;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Trees;

/// <summary>Compiled trees over HTTP: the node that was asked for one sends it, and the nodes of the same deployment take it.</summary>
internal sealed class TreeFunctions(SharedTreeStore trees, ILogStore logs, DeploymentStore deployments, AgentCaller callers, Denials denials, ControlPlaneOptions options)
{
    /// <summary>What every storage takes at once.</summary>
    private const int MaxChunkBytes = 4 * 1024 * 1024;

    [Function(nameof(PutTree))]
    [OpenEndpoint]
    [Api("An agent appends to the archive of what it compiled", Answer = typeof(LogOffset), Query = ["offset", "length"])]
    public async Task<IActionResult> PutTree([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/agent/deployments/{id}/trees/{sha256}")] HttpRequest request, string id, string sha256, CancellationToken ct)
    {
        var (node, refusal) = await callers.OfAsync(request, nameof(PutTree), ct);
        if (node is null)
        {
            return refusal!;
        }

        var errors = Mistakes(request, sha256, out var offset);
        if (!long.TryParse(request.Query["length"], out var length) || length < 1)
        {
            errors.Add(new("length", "must be the length of the whole archive, in bytes."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        if (!await TakesPartAsync(id, node.Id, ct))
        {
            return Answers.NotFound("deployment", id);
        }

        if (!await trees.IsExpectedAsync(id, node.Id, ct))
        {
            await denials.NoteAsync(request, nameof(PutTree), 403, "node " + node.Id);
            return Answers.Problem(403, "tree-not-expected", "This node was not asked for what it compiled.");
        }

        if (await RequestBody.ReadAsync(request, MaxChunkBytes, ct) is not { } chunk)
        {
            return RequestBody.TooLarge(MaxChunkBytes);
        }

        if (Math.Max(length, offset + chunk.Length) > options.MaxTreeBytes)
        {
            return Answers.Problem(413, "tree-too-large", "The compiled tree is too large.", $"It has {length} bytes; at most {options.MaxTreeBytes} are taken (Deployments:MaxTreeMegabytes).");
        }

        var append = await trees.AppendAsync(id, node.Id, sha256, offset, chunk, ct);
        return append.Accepted
            ? Answers.Ok(new LogOffset(append.Length), DeploymentApiJson.Default.LogOffset)
            : Answers.Problem(new ProblemDocument { Status = 409, Code = "tree-offset", Title = "The archive has another length.", Detail = $"Go on from {append.Length}.", Offset = append.Length });
    }

    [Function(nameof(GetTree))]
    [OpenEndpoint]
    [Api("An agent takes the archive of what another node of the deployment compiled", Media = "application/octet-stream", Query = ["offset"])]
    public async Task<IActionResult> GetTree([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agent/deployments/{id}/trees/{sha256}")] HttpRequest request, string id, string sha256, CancellationToken ct)
    {
        var (node, refusal) = await callers.OfAsync(request, nameof(GetTree), ct);
        if (node is null)
        {
            return refusal!;
        }

        if (Mistakes(request, sha256, out var offset) is { Count: > 0 } errors)
        {
            return Answers.Invalid(errors);
        }

        return !await TakesPartAsync(id, node.Id, ct) ? Answers.NotFound("deployment", id)
            : await trees.FindAsync(id, sha256, ct) is { } name ? new TreeAnswer(logs, name, offset)
            : Answers.NotFound("tree", sha256);
    }

    private static List<Problem> Mistakes(HttpRequest request, string sha256, out long offset)
    {
        var errors = new List<Problem>();
        if (!SharedTree.IsHash(sha256))
        {
            errors.Add(new("sha256", "must be the SHA-256 of the archive: 64 lower-case hex digits."));
        }

        if (!long.TryParse(request.Query["offset"], out offset) || offset < 0)
        {
            errors.Add(new("offset", "must be a number of bytes."));
        }

        return errors;
    }

    /// <summary>Trees of a deployment that has ended are gone.</summary>
    private async Task<bool> TakesPartAsync(string id, string nodeId, CancellationToken ct) =>
        await deployments.GetAsync(id, ct) is { } deployment && !deployment.Status.IsFinal() && deployment.Nodes.Contains(nodeId, StringComparer.Ordinal);
}

/// <summary>The bytes of an archive, from an offset.</summary>
internal sealed class TreeAnswer(ILogStore logs, string name, long offset) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "application/octet-stream";
        await using var tree = await logs.OpenReadAsync(name, offset, context.HttpContext.RequestAborted);
        await tree.CopyToAsync(response.Body, context.HttpContext.RequestAborted);
    }
}
