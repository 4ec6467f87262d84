using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Hosting;

/// <summary>
/// Where a request comes from: the connection's address, or, behind a proxy that is named in the settings, the last entry of the header that
/// the proxy adds. Earlier entries are the caller's own words and count for nothing.
/// </summary>
internal sealed class ClientAddress(ControlPlaneOptions options)
{
    /// <summary>The address as text; null when there is none.</summary>
    public string? Of(HttpContext http)
    {
        if (options.ClientAddressHeader is { } name && http.Request.Headers[name] is { Count: > 0 } values && values[^1] is { } header)
        {
            var last = header[(header.LastIndexOf(',') + 1)..].Trim();
            return System.Net.IPEndPoint.TryParse(last, out var endpoint) ? endpoint.Address.ToString() : last[..Math.Min(last.Length, 64)];
        }

        return http.Connection.RemoteIpAddress?.ToString();
    }
}
