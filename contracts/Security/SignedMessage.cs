using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VpsPilot.Contracts;

/// <summary>
/// The outermost shape of every message on a queue: the payload as text, signed. The signature covers the UTF-8 bytes of
/// <see cref="Payload"/> exactly as sent, so there is no canonical form to get wrong.
/// </summary>
/// <param name="Payload">JSON of a <see cref="Commands.CommandEnvelope"/> or <see cref="Events.EventEnvelope"/>.</param>
/// <param name="KeyId">Who signed: a node id, or <c>control-plane</c>.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256, IEEE P1363 form (64 bytes), base64.</param>
public sealed record SignedMessage(string Payload, string KeyId, string Signature)
{
    /// <summary>Key id of the control plane.</summary>
    public const string ControlPlane = "control-plane";

    /// <summary>Signs <paramref name="payload"/>.</summary>
    public static SignedMessage Sign(string payload, string keyId, ECDsa key) =>
        new(payload, keyId, Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(payload), HashAlgorithmName.SHA256)));

    /// <summary>True when the signature is that of <paramref name="publicKey"/> (SubjectPublicKeyInfo, base64); false for anything else, also malformed input.</summary>
    public bool IsSignedBy(string publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return IsSignedBy(key);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The same with a key that was read before; it must not be in use by another thread.</summary>
    public bool IsSignedBy(ECDsa publicKey)
    {
        try
        {
            return publicKey.VerifyData(Encoding.UTF8.GetBytes(Payload), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The message as it stands on the queue (UTF-8 JSON).</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ContractsJson.Default.SignedMessage);

    /// <summary>Reads a queue message; null when it is not one.</summary>
    public static SignedMessage? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, ContractsJson.Default.SignedMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
