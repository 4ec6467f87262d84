using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>
/// Asks a URL that a project's config names. The config is not the operator's: redirects are not followed, nothing of the body is read, and
/// addresses are refused as <see cref="ProbeAddress"/> says, after the name was looked up.
/// </summary>
internal sealed class CanaryProbe(ControlPlaneOptions options) : IDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectCallback = (context, ct) => ConnectAsync(context, options.ProbePrivate, ct) }) { Timeout = Limit };

    /// <summary>Null for an answer of 200 to 299; otherwise what is wrong, in one line. One of three attempts has to be right.</summary>
    public async Task<string?> AskAsync(Uri url, CancellationToken ct)
    {
        string? mistake = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            mistake = await AskOnceAsync(url, ct);
            if (mistake is null)
            {
                return null;
            }
        }

        return mistake;
    }

    public void Dispose() => http.Dispose();

    private async Task<string?> AskOnceAsync(Uri url, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("VpsPilot", null));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return response.IsSuccessStatusCode ? null : $"{url} answered {(int)response.StatusCode}.";
        }
        catch (HttpRequestException e)
        {
            return $"{url} did not answer: {e.Message}";
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"{url} did not answer within {Limit.TotalSeconds} seconds.";
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool mayBePrivate, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Where(a => ProbeAddress.Refusal(a, mayBePrivate) is null).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(addresses.Length == 0 ? "the name has no address." : $"the address is {ProbeAddress.Refusal(addresses[0], mayBePrivate)}.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
