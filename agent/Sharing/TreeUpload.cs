using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Sharing;

/// <summary>
/// Uploads an archive by offset: <c>PUT /api/agent/deployments/{id}/trees/{sha256}?offset=N&amp;length=L</c>. The control plane answers 200 or
/// 409 with the offset it has, and the upload goes on from there; so nothing has to be remembered over a restart.
/// </summary>
internal sealed class TreeUpload(Identity identity, HttpClient http, TimeProvider time)
{
    public const int MaxChunk = 1024 * 1024;
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    /// <summary>Without a byte that was taken for so long it is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task<Failure?> SendAsync(string deploymentId, SharedTree tree, string file, CancellationToken cancellationToken)
    {
        using var handle = File.OpenHandle(file);
        var buffer = new byte[MaxChunk];
        var (offset, failures, moved) = (0L, 0, time.GetTimestamp());
        while (offset < tree.Bytes)
        {
            var chunk = new ReadOnlyMemoryContent(buffer.AsMemory(0, RandomAccess.Read(handle, buffer, offset)));
            var answer = await PutAsync(new Uri(identity.ControlPlane, $"{tree.PathIn(deploymentId)}?offset={offset}&length={tree.Bytes}"), chunk, cancellationToken);
            if (answer.Refused is { } reason)
                return Failed(FailureKind.Rejected, $"The control plane does not take the compiled tree: {reason}");
            if (answer.Offset is { } next && next != offset && next <= tree.Bytes)
            {
                (offset, failures, moved) = (next, 0, time.GetTimestamp());
                continue;
            }

            if (time.GetElapsedTime(moved) > Patience)
                return Failed(FailureKind.Timeout, $"The compiled tree could not be handed to the control plane: {answer.Error}.");
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(MaxPause.TotalSeconds, 0.5 * Math.Pow(2, failures++))), time, cancellationToken);
        }

        return null;
    }

    private async Task<Answer> PutAsync(Uri url, HttpContent chunk, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = chunk };
            chunk.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.Enrollment.AgentToken);
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Conflict => new(OffsetOf(body), null, "it does not say what it has"),
                HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new(null, null, $"it answered {(int)response.StatusCode}"),
                _ => new(null, ReasonOf(body) ?? $"it answered {(int)response.StatusCode}.", null),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, null, e is TaskCanceledException ? "it took too long" : e.Message);
        }
    }

    private static long OffsetOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("offset").GetInt64();
    }

    /// <summary>What a problem document (RFC 9457) says; null when it is none.</summary>
    private static string? ReasonOf(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var detail = document.RootElement.TryGetProperty("detail", out var text) ? " " + text.GetString() : "";
            return document.RootElement.GetProperty("title").GetString() + detail;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static Failure Failed(FailureKind kind, string message) => new(Stages.Share, kind, message) { Hint = TreeSharing.Remedy };

    private sealed record Answer(long? Offset, string? Refused, string? Error);
}
