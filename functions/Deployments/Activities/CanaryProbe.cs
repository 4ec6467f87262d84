using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>
/// Asks a URL that a project's config names. The config is not the operator's: redirects are not followed, nothing of the body is read, and
/// link-local addresses are refused, since clouds keep credentials behind them.
/// </summary>
internal sealed class CanaryProbe : IDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectCallback = ConnectAsync }) { Timeout = Limit };

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

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Where(a => !IsLinkLocal(a)).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException("the address is link-local.");
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

    private static bool IsLinkLocal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.IsIPv6LinkLocal || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, ..]);
    }
}
