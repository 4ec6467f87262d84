using System.Text;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>The header that leads from one page of a list to the next. Instance ids may hold what a header may not, so they travel encoded.</summary>
internal static class ContinuationToken
{
    private const string Header = "x-ms-continuation-token";

    public static void Write(HttpResponse response, string instanceId) => response.Headers[Header] = Convert.ToBase64String(Encoding.UTF8.GetBytes(instanceId));

    /// <summary>False when the header holds no token of ours; null when there is none.</summary>
    public static bool TryRead(HttpRequest request, out string? instanceId)
    {
        instanceId = null;
        if (request.Headers[Header].FirstOrDefault() is not { Length: > 0 } token)
        {
            return true;
        }

        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
        {
            return false;
        }

        instanceId = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
