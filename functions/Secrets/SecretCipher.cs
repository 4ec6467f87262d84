using System.Security.Cryptography;
using System.Text;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Secrets;

/// <summary>A value encrypted at rest.</summary>
/// <param name="Nonce">12 bytes, new for every value.</param>
/// <param name="Ciphertext">Ciphertext followed by the 16-byte tag.</param>
internal sealed record EncryptedValue(byte[] Nonce, byte[] Ciphertext);

/// <summary>AES-256-GCM under the key file <c>secrets.key</c>. The place of a value is bound in, so it cannot be moved to another.</summary>
internal sealed class SecretCipher(DataDirectory data)
{
    private const string KeyFile = "secrets.key";
    private const int TagSize = 16;

    private readonly byte[] key = Convert.FromBase64String(data.ReadOrCreateSecret(KeyFile, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));

    public EncryptedValue Encrypt(string place, string value)
    {
        var plaintext = Encoding.UTF8.GetBytes(value);
        var nonce = RandomNumberGenerator.GetBytes(12);
        var ciphertext = new byte[plaintext.Length + TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plaintext, ciphertext.AsSpan(0, plaintext.Length), ciphertext.AsSpan(plaintext.Length), Encoding.UTF8.GetBytes(place));
        CryptographicOperations.ZeroMemory(plaintext);
        return new(nonce, ciphertext);
    }

    /// <exception cref="InvalidOperationException">The value was encrypted under another key, for another place, or was changed.</exception>
    public string Decrypt(string place, EncryptedValue value)
    {
        var plaintext = new byte[value.Ciphertext.Length - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(value.Nonce, value.Ciphertext.AsSpan(0, plaintext.Length), value.Ciphertext.AsSpan(plaintext.Length), plaintext, Encoding.UTF8.GetBytes(place));
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException($"A stored secret cannot be decrypted. Is {data.PathOf(KeyFile)} the key file that belongs to this state?", e);
        }

        return Encoding.UTF8.GetString(plaintext);
    }
}
