using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>An operation's output as plain text, while it comes. Where there are several nodes, a heading says whose lines follow.</summary>
internal sealed class OperationLogAnswer(ILogStore logs, OperationStore operations, OperationCanceler canceler, StreamLife life, TimeProvider time, Operation operation, IReadOnlyList<string> nodes) : IActionResult
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Go on until the operation has ended, or its nodes are silent for long; otherwise only what there is.</summary>
    public bool Follow { get; init; }

    /// <summary>Where to begin, in bytes of each node's output.</summary>
    public long Offset { get; init; }

    /// <summary>The operation is for this caller alone: it is canceled when the caller leaves.</summary>
    public bool EndsOperation { get; init; }

    /// <summary>At the end, say in the text what nodes could not do.</summary>
    public bool ShowFailures { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        using var end = life.Begin(context.HttpContext);
        var ct = end.Token;
        var response = context.HttpContext.Response;
        context.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.ContentLocation = $"/api/operations/{operation.Id}/log";
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await WriteAsync(response.Body, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Whoever still listens asks again.
        }
        finally
        {
            // A stream that had to end is taken up again.
            if (EndsOperation && context.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await canceler.CancelAsync(operation, CancellationToken.None);
            }
        }
    }

    private async Task WriteAsync(Stream body, CancellationToken ct)
    {
        var offsets = nodes.ToDictionary(n => n, _ => Offset, StringComparer.Ordinal);
        var (shown, lastGrowth) = ("", time.GetUtcNow());
        while (true)
        {
            // Asked before the logs are read: what an ended operation has written is all there by then.
            var isOver = !Follow || await operations.GetAsync(operation.Id, ct) is not { Status: OperationStatus.Running };
            foreach (var node in nodes)
            {
                await using var log = await logs.OpenReadAsync(LogOf(operation.Id, node), offsets[node], ct);
                var chunk = new MemoryStream();
                await log.CopyToAsync(chunk, ct);
                if (chunk.Length == 0)
                {
                    continue;
                }

                if (nodes.Count > 1 && shown != node)
                {
                    await body.WriteAsync(Encoding.UTF8.GetBytes($"==> {node} <==\n"), ct);
                }

                (shown, lastGrowth, offsets[node]) = (node, time.GetUtcNow(), offsets[node] + chunk.Length);
                chunk.Position = 0;
                await chunk.CopyToAsync(body, ct);
            }

            await body.FlushAsync(ct);
            if (isOver)
            {
                break;
            }

            if (time.GetUtcNow() - lastGrowth >= life.Silence)
            {
                return;
            }

            await Task.Delay(Poll, time, ct);
        }

        foreach (var node in ShowFailures ? await operations.NodesAsync(operation.Id, ct) : [])
        {
            if (node.Failure is { } failure)
            {
                await body.WriteAsync(Encoding.UTF8.GetBytes($"==> {node.NodeId}: {failure.Message} {failure.Hint}".TrimEnd() + "\n"), ct);
            }
        }
    }

    /// <summary>Name of the log of an operation on a node; the same as for a deployment.</summary>
    public static string LogOf(string operationId, string node) => $"{operationId}/{node}";
}
