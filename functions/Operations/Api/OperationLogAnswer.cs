using System.Text;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>An operation's output as plain text, while it comes. Where there are several nodes, a heading says whose lines follow.</summary>
internal sealed class OperationLogAnswer(ILogStore logs, OperationStore operations, OperationCanceler canceler, StreamLife life, TimeProvider time, Operation operation) : IActionResult
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Go on until the operation has ended; otherwise only what there is.</summary>
    public bool Follow { get; init; }

    /// <summary>The operation is for this caller alone: it is canceled when the caller leaves.</summary>
    public bool EndsOperation { get; init; }

    /// <summary>At the end, say in the text what nodes could not do.</summary>
    public bool ShowFailures { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        using var end = life.Begin(context.HttpContext);
        var ct = end.Token;
        context.HttpContext.Response.ContentType = "text/plain; charset=utf-8";
        var body = context.HttpContext.Response.Body;
        try
        {
            await WriteAsync(body, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Whoever still listens asks again.
        }
        finally
        {
            if (EndsOperation && ct.IsCancellationRequested)
            {
                await canceler.CancelAsync(operation, CancellationToken.None);
            }
        }
    }

    private async Task WriteAsync(Stream body, CancellationToken ct)
    {
        var offsets = operation.Nodes.ToDictionary(n => n, _ => 0L, StringComparer.Ordinal);
        string? shown = null;
        while (true)
        {
            // Asked before the logs are read: what an ended operation has written is all there by then.
            var isOver = !Follow || await operations.GetAsync(operation.Id, ct) is not { Status: OperationStatus.Running };
            foreach (var node in operation.Nodes)
            {
                await using var log = await logs.OpenReadAsync(LogOf(operation.Id, node), offsets[node], ct);
                var chunk = new MemoryStream();
                await log.CopyToAsync(chunk, ct);
                if (chunk.Length == 0)
                {
                    continue;
                }

                if (operation.Nodes.Count > 1 && shown != node)
                {
                    await body.WriteAsync(Encoding.UTF8.GetBytes($"==> {node} <==\n"), ct);
                }

                (shown, offsets[node]) = (node, offsets[node] + chunk.Length);
                chunk.Position = 0;
                await chunk.CopyToAsync(body, ct);
            }

            await body.FlushAsync(ct);
            if (isOver)
            {
                break;
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
