using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>The body of a management request.</summary>
internal static class RequestJson
{
    /// <summary>The JSON of the body; null for an empty one.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        return body.Length == 0 ? null : JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
    }
}
