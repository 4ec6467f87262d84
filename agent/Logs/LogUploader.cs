using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Enrollment;

namespace VpsPilot.Agent.Logs;

/// <summary>
/// Uploads a deployment's log by offset: <c>POST /api/agent/deployments/{id}/log?offset=N</c>. The control plane answers 200 or 409 with the
/// offset it has, and the upload goes on from there; so nothing has to be remembered over a restart.
/// </summary>
internal sealed partial class LogUploader(Identity identity, HttpClient http, TimeProvider time, ILogger<LogUploader> logger)
{
    private const int MaxChunk = 256 * 1024;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    /// <summary>Uploads as the log grows, until it is closed and all is there, or the control plane wants no more.</summary>
    public async Task RunAsync(string deploymentId, DeploymentLog log, CancellationToken cancellationToken)
    {
        var url = new Uri(identity.ControlPlane, $"api/agent/deployments/{Uri.EscapeDataString(deploymentId)}/log");
        var offset = 0L;
        var failures = 0;
        var isOpen = true;
        while (isOpen || offset < log.Length)
        {
            isOpen = isOpen && await log.Changes.WaitToReadAsync(cancellationToken);
            log.Changes.TryRead(out _);
            if (isOpen && !log.IsFlushing)
                await Task.Delay(Gather, time, cancellationToken);
            while (offset < log.Length)
            {
                var answer = await SendAsync(url, log.FilePath, offset, cancellationToken);
                if (answer is { Stop: { } reason })
                {
                    LogStopped(logger, deploymentId, reason);
                    log.Uploaded(long.MaxValue);
                    return;
                }

                if (answer.Offset is { } next && (next > offset || failures == 0))
                {
                    offset = next;
                    failures = 0;
                    log.Uploaded(offset);
                    continue;
                }

                await Task.Delay(TimeSpan.FromSeconds(Math.Min(MaxPause.TotalSeconds, 0.5 * Math.Pow(2, failures++))), time, cancellationToken);
            }

            log.Uploaded(offset);
        }
    }

    private async Task<(long? Offset, string? Stop)> SendAsync(Uri url, string file, long offset, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}?offset={offset}") { Content = new ByteArrayContent(Read(file, offset)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.Enrollment.AgentToken);
            using var response = await http.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Conflict => (OffsetOf(await response.Content.ReadAsByteArrayAsync(cancellationToken)), null),
                HttpStatusCode.NotFound or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest => (null, $"the control plane answered {(int)response.StatusCode}"),
                _ => (null, null),
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, e is FileNotFoundException ? "the file is gone" : null);
        }
    }

    private static long OffsetOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("offset").GetInt64();
    }

    private static byte[] Read(string file, long offset)
    {
        using var handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
        var chunk = new byte[Math.Clamp(RandomAccess.GetLength(handle) - offset, 0, MaxChunk)];
        return chunk[..RandomAccess.Read(handle, chunk, offset)];
    }

    [LoggerMessage(EventId = 5300, Level = LogLevel.Warning, Message = "The log of deployment {Deployment} is not uploaded further: {Reason}")]
    private static partial void LogStopped(ILogger logger, string deployment, string reason);
}
