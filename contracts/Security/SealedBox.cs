using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Contracts;

/// <summary>
/// Bytes that only the holder of one ECDH P-256 private key can read: an ephemeral key pair, HKDF-SHA256 (RFC 5869) over the shared secret,
/// AES-256-GCM. The context (a command id) is bound in, so a box cannot be moved to another command.
/// </summary>
/// <param name="EphemeralKey">Public key of the ephemeral pair: SubjectPublicKeyInfo, base64.</param>
/// <param name="Nonce">12 bytes, base64.</param>
/// <param name="Ciphertext">Ciphertext followed by the 16-byte tag, base64.</param>
public sealed record SealedBox(string EphemeralKey, string Nonce, string Ciphertext)
{
    private const int TagSize = 16;

    /// <summary>Seals <paramref name="plaintext"/> to a public key (SubjectPublicKeyInfo, base64).</summary>
    /// <exception cref="CryptographicException">The key is not an ECDH P-256 public key.</exception>
    public static SealedBox Seal(string recipientKey, ReadOnlySpan<byte> plaintext, string context)
    {
        using var recipient = ECDiffieHellman.Create();
        recipient.ImportSubjectPublicKeyInfo(Convert.FromBase64String(recipientKey), out _);
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var nonce = RandomNumberGenerator.GetBytes(12);
        var sealedBytes = new byte[plaintext.Length + TagSize];
        using var aes = new AesGcm(DeriveKey(ephemeral, recipient.PublicKey, context), TagSize);
        aes.Encrypt(nonce, plaintext, sealedBytes.AsSpan(0, plaintext.Length), sealedBytes.AsSpan(plaintext.Length), Encoding.UTF8.GetBytes(context));
        return new(Convert.ToBase64String(ephemeral.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(nonce), Convert.ToBase64String(sealedBytes));
    }

    /// <summary>Opens the box.</summary>
    /// <exception cref="CryptographicException">Wrong key, wrong context, or changed bytes.</exception>
    public byte[] Open(ECDiffieHellman privateKey, string context)
    {
        using var ephemeral = ECDiffieHellman.Create();
        try
        {
            ephemeral.ImportSubjectPublicKeyInfo(Convert.FromBase64String(EphemeralKey), out _);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new CryptographicException("The sealed box's key is on a curve that is not supported here.", e);
        }

        var sealedBytes = Convert.FromBase64String(Ciphertext).AsSpan();
        if (sealedBytes.Length < TagSize)
        {
            throw new CryptographicException("The sealed box is too short.");
        }

        var plaintext = new byte[sealedBytes.Length - TagSize];
        using var aes = new AesGcm(DeriveKey(privateKey, ephemeral.PublicKey, context), TagSize);
        aes.Decrypt(Convert.FromBase64String(Nonce), sealedBytes[..plaintext.Length], sealedBytes[plaintext.Length..], plaintext, Encoding.UTF8.GetBytes(context));
        return plaintext;
    }

    private static byte[] DeriveKey(ECDiffieHellman own, ECDiffieHellmanPublicKey other, string context) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, own.DeriveRawSecretAgreement(other), 32, salt: [], info: Encoding.UTF8.GetBytes("vpspilot-seal-v1\n" + context));
}
