using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Functions.Webhooks;

/// <summary>HMAC-SHA256 signatures in hex, as GitHub, Gitea, Forgejo and Bitbucket put them into a header.</summary>
/// <remarks>Sources: GitHub documentation, "Validating webhook deliveries"; Gitea documentation, "Webhooks"; Bitbucket documentation, "Manage webhooks".</remarks>
internal static class HmacSignature
{
    /// <summary>True when <paramref name="header"/> is <paramref name="prefix"/> and the signature of the body. Compares in constant time.</summary>
    public static bool IsValid(string? header, string prefix, ReadOnlySpan<byte> body, string secret)
    {
        if (header is null || header.Length != prefix.Length + 2 * HMACSHA256.HashSizeInBytes || !header.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(header.AsSpan(prefix.Length), given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, right);
        return CryptographicOperations.FixedTimeEquals(given, right);
    }

    /// <summary>Compares a secret that is sent as it is. In constant time, whatever the lengths.</summary>
    public static bool IsSame(string? given, string secret) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
