using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Edge;

/// <summary>Caddy's admin API on its socket (https://caddyserver.com/docs/api), and the socket on which the agent asks through the edge.</summary>
internal sealed class CaddyAdmin : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastAskLimit = TimeSpan.FromSeconds(4);

    private readonly HttpClient admin = Client(EdgePaths.AdminSocket, Limit);
    private readonly HttpClient ask = Client(EdgePaths.AskSocket, Timeout.InfiniteTimeSpan);

    /// <summary>The configuration that is loaded; null when Caddy does not answer.</summary>
    public async Task<JsonNode?> ConfigurationAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await admin.GetByteArrayAsync("config/", cancellationToken));
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return null;
        }
    }

    /// <summary>Loads a configuration; requests under way finish under the old one.</summary>
    /// <returns>Null when it is loaded, or why it is not. Then the old one holds.</returns>
    public async Task<string?> LoadAsync(string configuration, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new StringContent(configuration, Encoding.UTF8, "application/json");
            using var response = await admin.PostAsync("load", content, cancellationToken);
            return response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }

    /// <summary>Requests that the edge has open to a loopback port, websockets too; 0 when Caddy does not answer.</summary>
    public async Task<int> InFlightAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var upstreams = JsonDocument.Parse(await admin.GetByteArrayAsync("reverse_proxy/upstreams", cancellationToken));
            return upstreams.RootElement.EnumerateArray().Where(u => u.GetProperty("address").GetString() == $"127.0.0.1:{port}").Sum(u => u.GetProperty("num_requests").GetInt32());
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return 0;
        }
    }

    /// <summary>Asks a project for its health path, as its users do, and says which port answered; null when none did.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="check">What is asked, and how long the answer may take: at least four seconds.</param>
    /// <param name="most">The longest to wait, whatever the check allows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int?> AskAsync(string projectId, HealthCheckConfig check, TimeSpan most, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(check.Timeout < LeastAskLimit ? LeastAskLimit : check.Timeout < most ? check.Timeout : most);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, check.Path);
            request.Headers.Host = projectId;
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("vpspilot-health", null));
            using var response = await ask.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.Headers.TryGetValues(CaddyRoutes.PortHeader, out var values) && int.TryParse(values.First(), out var port) ? port : null;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            return null;
        }
    }

    public void Dispose()
    {
        admin.Dispose();
        ask.Dispose();
    }

    private static bool IsNoAnswer(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static HttpClient Client(string socket, TimeSpan limit)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
            ConnectCallback = (_, cancellationToken) => ConnectAsync(socket, cancellationToken),
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"http://{CaddyConfig.AdminHost}/"), Timeout = limit };
    }

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
