using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>
/// A deployment's logs as they grow, until it has ended and its nodes have sent what they had, or until they are silent for long. Where there are
/// several, each piece stands under a heading with its node.
/// </summary>
internal sealed class FollowLog(ILogStore logs, DeploymentStore deployments, Signal signal, StreamLife life, TimeProvider time)
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);

    /// <summary>An agent sends the rest of its log within a moment after its result.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    /// <param name="response">Where to.</param>
    /// <param name="id">The deployment.</param>
    /// <param name="parts">Nodes and the names of their logs.</param>
    /// <param name="offset">Where to begin, in bytes of each log.</param>
    /// <param name="ct">Ends the stream.</param>
    public async Task WriteAsync(HttpResponse response, string id, IReadOnlyList<(string Node, string Name)> parts, long offset, CancellationToken ct)
    {
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.FlushAsync(ct);
        var offsets = parts.ToDictionary(p => p.Name, _ => offset, StringComparer.Ordinal);
        var (lastNode, lastGrowth) = ("", time.GetUtcNow());
        while (true)
        {
            var pulse = signal.Next;
            var isFinal = (await deployments.GetAsync(id, ct))!.Status.IsFinal();
            foreach (var (node, name) in parts)
            {
                if (await logs.LengthAsync(name, ct) <= offsets[name])
                {
                    continue;
                }

                if (parts.Count > 1 && node != lastNode)
                {
                    await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"==> {node} <==\n"), ct);
                }

                await using var log = await logs.OpenReadAsync(name, offsets[name], ct);
                offsets[name] += await CopyAsync(log, response.Body, ct);
                (lastNode, lastGrowth) = (node, time.GetUtcNow());
            }

            await response.Body.FlushAsync(ct);
            if (time.GetUtcNow() - lastGrowth >= (isFinal ? Linger : life.Silence))
            {
                return;
            }

            await signal.WaitAsync(pulse, LookAfter, ct);
        }
    }

    private static async Task<long> CopyAsync(Stream from, Stream to, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        var copied = 0L;
        int read;
        while ((read = await from.ReadAsync(buffer, ct)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            copied += read;
        }

        return copied;
    }
}
