using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Functions.Webhooks;

/// <summary>The signature of a GitHub delivery: HMAC-SHA256 of the raw body under the webhook's secret.</summary>
/// <remarks>Source: GitHub documentation, "Validating webhook deliveries".</remarks>
internal static class GitHubSignature
{
    private const string Prefix = "sha256=";

    /// <summary>True when <paramref name="header"/> (the value of <c>X-Hub-Signature-256</c>) is the signature of the body. Compares in constant time.</summary>
    public static bool IsValid(string? header, ReadOnlySpan<byte> body, string secret)
    {
        if (header is null || header.Length != Prefix.Length + 2 * HMACSHA256.HashSizeInBytes || !header.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, right);
        return CryptographicOperations.FixedTimeEquals(given, right);
    }
}
