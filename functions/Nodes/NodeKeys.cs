using System.Security.Cryptography;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Nodes;

/// <summary>What counts as a key, and as a signature, of a node.</summary>
internal static class NodeKeys
{
    /// <summary>How long events count that were signed with the key before a renewal: they may have been on their way.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    public static bool IsSigningKey(string text) => IsKey(text, ECDsa.Create);

    public static bool IsSealingKey(string text) => IsKey(text, ECDiffieHellman.Create);

    /// <summary>Is an event of the node really from it?</summary>
    public static bool Signed(Node node, SignedMessage message, VerificationKeys keys, DateTimeOffset now) =>
        (node.SigningKey is { } key && keys.HasSigned(key, message))
        || (node.EarlierSigningKey is { } earlier && node.RenewedAt + Overlap > now && keys.HasSigned(earlier, message));

    private static bool IsKey(string text, Func<ECAlgorithm> create)
    {
        try
        {
            using var key = create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            return key.KeySize == 256;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
