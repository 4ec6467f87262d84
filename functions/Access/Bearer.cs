using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Access;

/// <summary>The bearer token of a request (RFC 6750).</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer ";

    /// <summary>The token's text; null when the request has none.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length
            ? header[Scheme.Length..].Trim()
            : null;
}
