using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Access.Sessions;

/// <summary>
/// The cookie that a browser keeps an access token in, out of the reach of scripts. With the token its sessions end, so there is nothing else to store.
/// </summary>
internal sealed class SessionCookie(PublicAddress address)
{
    /// <summary>Over plain HTTP, which only loopback has.</summary>
    private const string Plain = "vpspilot";

    /// <summary>A browser takes this prefix only from the very host, over TLS (RFC 6265bis, section 4.1.3.2).</summary>
    private const string Encrypted = "__Host-vpspilot";

    /// <summary>A browser that is not used for longer asks for the token again.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The token's text; null when the browser sent none.</summary>
    public string? Of(HttpRequest request) => request.Cookies[NameFor(request)] is { Length: > 0 } text ? text : null;

    public void Set(HttpRequest request, string token) => request.HttpContext.Response.Cookies.Append(NameFor(request), token, Options(request, Lifetime));

    /// <summary>Takes the cookie away.</summary>
    public void Clear(HttpRequest request) => request.HttpContext.Response.Cookies.Append(NameFor(request), "", Options(request, TimeSpan.Zero));

    private string NameFor(HttpRequest request) => IsEncrypted(request) ? Encrypted : Plain;

    private CookieOptions Options(HttpRequest request, TimeSpan lifetime) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsEncrypted(request), Path = "/", MaxAge = lifetime, IsEssential = true };

    /// <summary>A proxy in front may take the encryption away before this; the public address knows.</summary>
    private bool IsEncrypted(HttpRequest request) => request.IsHttps || address.Of(request).StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
