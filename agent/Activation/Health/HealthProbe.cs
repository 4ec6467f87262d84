using System.Net.Sockets;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>What one health check saw.</summary>
/// <param name="IsHealthy">The answer is as expected.</param>
/// <param name="HasAnswered">There was an answer, or at least a connection.</param>
/// <param name="Said">The answer in a few words.</param>
internal sealed record ProbeResult(bool IsHealthy, bool HasAnswered, string Said);

/// <summary>Asks an app on its loopback port, or however its config says.</summary>
internal sealed class HealthProbe(HttpClient http, TransientUnits units, TimeProvider time)
{
    private const int MaxBody = 200;

    /// <summary>A client for probes: no redirects, no proxy, a connection each.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What is asked, in a few words.</summary>
    public static string Describe(int port, HealthCheckConfig check) => check switch
    {
        { Command: { } command } => $"`{command}`",
        { Tcp: true } => $"a connection to port {port}",
        { Url: { } url } => $"GET {UrlOf(url, port)}",
        _ => $"GET {check.Path} on port {port}",
    };

    public Task<ProbeResult> AskAsync(WatchedApp app, CancellationToken cancellationToken) => app.Config.Deployment.HealthCheck is { Command: { } command } check
        ? RunAsync(app, command, check, cancellationToken)
        : AskAsync(app.Port, app.Config.Deployment.HealthCheck, cancellationToken);

    public async Task<ProbeResult> AskAsync(int port, HealthCheckConfig check, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(check.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return check.Tcp ? await ConnectAsync(port, both.Token) : await GetAsync(check.Url is { } url ? UrlOf(url, port) : $"http://127.0.0.1:{port}{check.Path}", check, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, true, FormattableString.Invariant($"no answer within {check.Timeout.TotalSeconds:0.##} s"));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return new(false, false, "connection refused");
        }
        catch (SocketException e)
        {
            return new(false, e.SocketErrorCode != SocketError.ConnectionRefused, e.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : e.Message);
        }
        catch (HttpRequestException e)
        {
            return new(false, true, e.InnerException?.Message ?? e.Message);
        }
    }

    private static string UrlOf(string url, int port) => url.Replace("$PORT", $"{port}", StringComparison.Ordinal);

    private static async Task<ProbeResult> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
        return new(true, true, "connected");
    }

    private async Task<ProbeResult> GetAsync(string url, HealthCheckConfig check, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url));
        request.Headers.ConnectionClose = true;
        request.Headers.UserAgent.ParseAdd("vpspilot-health");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var status = (int)response.StatusCode;
        var isHealthy = check.ExpectStatus is { } expected ? status == expected : status is >= 200 and < 400;
        return new(isHealthy, true, isHealthy ? $"{status}" : $"{status} {response.ReasonPhrase}{await BodyAsync(response, cancellationToken)}");
    }

    /// <summary>A command in the release's environment, as the app's user.</summary>
    private async Task<ProbeResult> RunAsync(WatchedApp app, string command, HealthCheckConfig check, CancellationToken cancellationToken)
    {
        var work = ReleaseCommand.Of($"vpspilot-health-{app.ProjectId}-{app.Port}", app.ProjectId, new ReleasePlace(app.ReleaseId, app.StorePath, app.Config.Root), command, app.EnvironmentFile, ("PORT", $"{app.Port}"));
        var result = await units.RunAsync(work with { Timeout = check.Timeout }, cancellationToken);
        var line = result.LastErrorLine;
        return result switch
        {
            { IsSuccess: true } => new(true, true, "exit code 0"),
            { End: ProcessEnd.TimedOut } => new(false, true, FormattableString.Invariant($"no end within {check.Timeout.TotalSeconds:0.##} s")),
            _ => new(false, true, $"exit code {result.ExitCode}{(line.Length == 0 ? "" : ": " + line)}"),
        };
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
