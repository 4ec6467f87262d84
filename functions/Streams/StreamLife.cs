using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Streams;

/// <summary>
/// How long an answer may go on that has no end of its own: until the caller goes away, this process stops, or the limit of the settings. A host
/// that ends a call by force after its time would end everything else in the process with it.
/// </summary>
internal sealed class StreamLife(IHostApplicationLifetime lifetime, ControlPlaneOptions options, TimeProvider time)
{
    /// <summary>A followed log ends when it had nothing to say for this long: text has no word for "still here".</summary>
    public TimeSpan Silence => options.StreamSilence;

    /// <summary>Canceled when the answer has to end; to be disposed when it has.</summary>
    public CancellationTokenSource Begin(HttpContext http)
    {
        if (options.StreamLimit is not { } longest)
        {
            return CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        }

        var limit = new CancellationTokenSource(longest, time);
        http.Response.RegisterForDispose(limit);
        return CancellationTokenSource.CreateLinkedTokenSource([http.RequestAborted, lifetime.ApplicationStopping, limit.Token]);
    }
}
