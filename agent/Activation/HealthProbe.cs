using System.Net.Sockets;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation;

/// <summary>What one health check saw.</summary>
/// <param name="IsHealthy">The answer is as expected.</param>
/// <param name="HasAnswered">There was an answer, or at least a connection.</param>
/// <param name="Said">The answer in a few words.</param>
internal sealed record ProbeResult(bool IsHealthy, bool HasAnswered, string Said);

/// <summary>Asks an app on its loopback port.</summary>
internal sealed class HealthProbe(HttpClient http, TimeProvider time)
{
    private const int MaxBody = 200;

    /// <summary>A client for probes: no redirects, no proxy, a connection each.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<ProbeResult> AskAsync(int port, HealthCheckConfig check, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(check.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}{check.Path}"));
            request.Headers.ConnectionClose = true;
            request.Headers.UserAgent.ParseAdd("vpspilot-health");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var status = (int)response.StatusCode;
            var isHealthy = check.ExpectStatus is { } expected ? status == expected : status is >= 200 and < 400;
            return new(isHealthy, true, isHealthy ? $"{status}" : $"{status} {response.ReasonPhrase}{await BodyAsync(response, both.Token)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, true, FormattableString.Invariant($"no answer within {check.Timeout.TotalSeconds:0.##} s"));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new(false, false, "connection refused");
        }
        catch (HttpRequestException e)
        {
            return new(false, true, e.InnerException?.Message ?? e.Message);
        }
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream);
        var start = new char[MaxBody];
        var text = new string(start, 0, await reader.ReadBlockAsync(start, cancellationToken)).ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? "" : $": {text}";
    }
}
