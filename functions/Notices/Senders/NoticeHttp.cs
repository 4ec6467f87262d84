using System.Net;

namespace VpsPilot.Functions.Notices.Senders;

/// <summary>Sends over HTTP. It follows no redirect: an address is what an admin wrote, not what a receiver says.</summary>
internal sealed class NoticeHttp : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    /// <summary>Sends a request and reads the answer; faults of the way are outcomes too.</summary>
    public async Task<(SendOutcome Outcome, byte[] Body)> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Headers.UserAgent.ParseAdd("vpspilot");
        try
        {
            using var response = await http.SendAsync(request, ct);
            return (OutcomeOf(response), await response.Content.ReadAsByteArrayAsync(ct));
        }
        catch (HttpRequestException e)
        {
            return (SendOutcome.Retry($"The receiver could not be reached: {e.HttpRequestError}."), []);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (SendOutcome.Retry("The receiver did not answer in time."), []);
        }
    }

    public void Dispose() => http.Dispose();

    private static SendOutcome OutcomeOf(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            return SendOutcome.Sent;
        }

        var error = $"The receiver answered {status}.";
        return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || status >= 500
            ? SendOutcome.Retry(error) with { RetryAfter = response.Headers.RetryAfter?.Delta }
            : SendOutcome.GiveUp(error);
    }
}
