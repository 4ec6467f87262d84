using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Hosting;

/// <summary>How nodes and people reach this API.</summary>
internal sealed class PublicAddress(ControlPlaneOptions options)
{
    /// <summary>The base URL without a slash at its end: the setting, or else what the request was sent to.</summary>
    public string Of(HttpRequest request) => options.PublicUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
}
