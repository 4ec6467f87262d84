using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Access.Sessions;

/// <summary>
/// Tells requests of the dashboard's own pages from those that another site makes a browser send. <c>SameSite</c> alone does not: another port,
/// or another name below the same domain, counts as the same site.
/// </summary>
/// <remarks>Sources: W3C, "Fetch Metadata Request Headers"; Fetch Standard, "Origin header".</remarks>
internal sealed class OwnOrigin(PublicAddress address)
{
    /// <summary>Whether a cookie counts in this request.</summary>
    public bool Allows(HttpRequest request)
    {
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return request.Headers["Sec-Fetch-Site"] is [{ } site]
            ? site == "same-origin" || (isRead && site == "none") // Typed into the address bar.
            : request.Headers.Origin is [{ } origin] ? IsOwn(request, origin) : isRead; // Over plain HTTP browsers say the origin only, and that with every change.
    }

    private bool IsOwn(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && new[] { $"{request.Scheme}://{request.Host}", address.Of(request) }.Any(own => Uri.TryCreate(own, UriKind.Absolute, out var to) && Uri.Compare(from, to, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0);
}
