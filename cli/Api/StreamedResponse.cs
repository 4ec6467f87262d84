namespace VpsPilot.Cli.Api;

/// <summary>A response whose body is still coming.</summary>
internal sealed class StreamedResponse(HttpResponseMessage response) : IDisposable
{
    /// <summary>The stream has ended and was heard to its end before (204).</summary>
    public bool IsOver => response.StatusCode == System.Net.HttpStatusCode.NoContent;

    /// <summary>The clock of the control plane when it answered; null when it does not say.</summary>
    public DateTimeOffset? Date => response.Headers.Date;

    /// <summary>What wrote the text that comes, such as <c>api/operations/ID</c>; null when the control plane does not say.</summary>
    public string? Place => response.Content.Headers.ContentLocation is { } log && log.OriginalString is ['/', .. var path] && path.EndsWith("/log", StringComparison.Ordinal) ? path[..^"/log".Length] : null;

    public Task<Stream> BodyAsync(CancellationToken ct) => response.Content.ReadAsStreamAsync(ct);

    public void Dispose() => response.Dispose();
}
