using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace VpsPilot.Functions.Streams;

/// <summary>Writes server-sent events.</summary>
/// <remarks>Source: HTML Living Standard, "Server-sent events".</remarks>
internal sealed class EventWriter(HttpResponse response, TimeProvider time)
{
    /// <summary>Proxies close what is silent for longer.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private DateTimeOffset last = time.GetUtcNow();

    public async Task BeginAsync(CancellationToken ct)
    {
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync("retry: 2000\n\n", ct);
    }

    /// <summary>One event. The data is JSON, which has no line breaks.</summary>
    public Task SendAsync(string name, string? id, string json, CancellationToken ct) =>
        WriteAsync(id is null ? $"event: {name}\ndata: {json}\n\n" : $"id: {id}\nevent: {name}\ndata: {json}\n\n", ct);

    /// <summary>A comment, when nothing was sent for a while.</summary>
    public Task KeepAliveAsync(CancellationToken ct) => time.GetUtcNow() - last < Silence ? Task.CompletedTask : WriteAsync(": still here\n\n", ct);

    private async Task WriteAsync(string text, CancellationToken ct)
    {
        last = time.GetUtcNow();
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await response.Body.FlushAsync(ct);
    }
}
