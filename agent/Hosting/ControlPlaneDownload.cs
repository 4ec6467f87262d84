using System.Net.Http.Headers;
using VpsPilot.Agent.Enrollment;

namespace VpsPilot.Agent.Hosting;

/// <summary>How a download ended.</summary>
/// <param name="Status">What the control plane answered instead of the bytes; null when they came, or nothing was answered.</param>
/// <param name="Error">Why they did not come, in one line; null when all of them came.</param>
internal sealed record DownloadEnd(int? Status, string? Error)
{
    public bool IsWhole => Status is null && Error is null;
}

/// <summary>Downloads files of the control plane, as this node.</summary>
internal sealed class ControlPlaneDownload(Identity identity, HttpClient http)
{
    /// <summary>Appends the answer to a file, which is as long as <paramref name="offset"/> says; what came stays there when the rest does not.</summary>
    /// <param name="path">Path of the HTTP API, with its query.</param>
    /// <param name="file">The file; for the owner alone where it is made.</param>
    /// <param name="offset">Bytes of the file that are kept.</param>
    /// <param name="maxBytes">Most bytes that the file may have in the end.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    public async Task<DownloadEnd> FetchAsync(string path, string file, long offset, long maxBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(identity.ControlPlane, path.TrimStart('/')));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.Enrollment.AgentToken);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                return new((int)response.StatusCode, $"the control plane answered {(int)response.StatusCode} for {path}");
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            await using var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            target.SetLength(offset);
            target.Position = offset;
            await CopyAsync(body, target, maxBytes, either.Token);
            target.Flush(flushToDisk: true);
            return new(null, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, e is OperationCanceledException ? "it took too long" : e.Message);
        }
    }

    private static async Task CopyAsync(Stream from, FileStream to, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (to.Position + read > maxBytes)
                throw new IOException($"it is larger than {maxBytes} bytes");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
