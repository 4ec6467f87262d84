using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Idempotency;

namespace VpsPilot.Functions.Deployments;

/// <summary>Ids of deployments, which are also the instance ids of their orchestrations: a UUID as 32 hex digits.</summary>
internal static class DeploymentIds
{
    /// <summary>A new id that sorts by time.</summary>
    public static string New(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    /// <summary>
    /// The id that belongs to a delivery: always the same one, so a delivery that comes again finds its deployment without any index.
    /// A version 8 UUID (RFC 9562) from SHA-256.
    /// </summary>
    public static string OfDelivery(string source, string projectId, string deliveryId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"vpspilot-delivery\n{source}\n{projectId}\n{deliveryId}"), hash);
        hash[6] = (byte)(hash[6] & 0x0f | 0x80);
        hash[8] = (byte)(hash[8] & 0x3f | 0x80);
        return Convert.ToHexStringLower(hash[..16]);
    }

    /// <summary>The id that belongs to a request: for the same <c>Idempotency-Key</c> of the same caller the same one, so that not even a lost process starts two.</summary>
    public static string OfRequest(HttpRequest request, string projectId, DateTimeOffset now) =>
        request.Headers[IdempotencyMiddleware.Header] is [{ Length: > 0 } key]
            ? OfDelivery($"{request.Path} {Caller.Of(request.HttpContext).TokenId}", projectId, key)
            : New(now);

    public static bool IsValid(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);
}
