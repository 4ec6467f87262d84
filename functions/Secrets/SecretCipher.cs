using System.Security.Cryptography;
using System.Text;

namespace VpsPilot.Functions.Secrets;

/// <summary>A value encrypted at rest.</summary>
/// <param name="Nonce">12 bytes, new for every value.</param>
/// <param name="Ciphertext">Ciphertext followed by the 16-byte tag.</param>
internal sealed record EncryptedValue(byte[] Nonce, byte[] Ciphertext)
{
    /// <summary>Id of the key it was encrypted under, see <see cref="SecretKeyRing"/>.</summary>
    public string? KeyId { get; init; }
}

/// <summary>Holds values that are encrypted at rest, and can bring them under the newest key.</summary>
internal interface IEncryptedValues
{
    /// <summary>Encrypts anew what a project has under an older key; may be repeated.</summary>
    /// <returns>How many values were found under an older key; 0 says that none is left.</returns>
    Task<int> ReencryptAsync(string project, CancellationToken ct);
}

/// <summary>AES-256-GCM under the newest key of the ring. The place of a value is bound in, so it cannot be moved to another.</summary>
internal sealed class SecretCipher(SecretKeyRing ring)
{
    private const int TagSize = 16;

    public async Task<EncryptedValue> EncryptAsync(string place, string value, CancellationToken ct)
    {
        var plaintext = Encoding.UTF8.GetBytes(value);
        try
        {
            return Encrypt(place, plaintext, await ring.NewestAsync(ct));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <exception cref="InvalidOperationException">The value was encrypted under another key, for another place, or was changed.</exception>
    public async Task<string> DecryptAsync(string place, EncryptedValue value, CancellationToken ct)
    {
        var plaintext = await OpenAsync(place, value, ct);
        try
        {
            return Encoding.UTF8.GetString(plaintext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>Is it under the newest key?</summary>
    public async Task<bool> IsCurrentAsync(EncryptedValue value, CancellationToken ct) => value.KeyId == (await ring.NewestAsync(ct)).Id;

    /// <summary>The same value under the newest key.</summary>
    /// <exception cref="InvalidOperationException">It cannot be decrypted.</exception>
    public async Task<EncryptedValue> ReencryptAsync(string place, EncryptedValue value, CancellationToken ct)
    {
        var plaintext = await OpenAsync(place, value, ct);
        try
        {
            return Encrypt(place, plaintext, await ring.NewestAsync(ct));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private static EncryptedValue Encrypt(string place, byte[] plaintext, SecretKey key)
    {
        var nonce = RandomNumberGenerator.GetBytes(12);
        var ciphertext = new byte[plaintext.Length + TagSize];
        using var aes = new AesGcm(key.Bytes, TagSize);
        aes.Encrypt(nonce, plaintext, ciphertext.AsSpan(0, plaintext.Length), ciphertext.AsSpan(plaintext.Length), Encoding.UTF8.GetBytes(place));
        return new(nonce, ciphertext) { KeyId = key.Id };
    }

    private async Task<byte[]> OpenAsync(string place, EncryptedValue value, CancellationToken ct)
    {
        if (await ring.FindAsync(value.KeyId, ct) is not { } key || value.Ciphertext.Length < TagSize)
        {
            throw Undecryptable(null);
        }

        var plaintext = new byte[value.Ciphertext.Length - TagSize];
        using var aes = new AesGcm(key.Bytes, TagSize);
        try
        {
            aes.Decrypt(value.Nonce, value.Ciphertext.AsSpan(0, plaintext.Length), value.Ciphertext.AsSpan(plaintext.Length), plaintext, Encoding.UTF8.GetBytes(place));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Undecryptable(e);
        }

        return plaintext;
    }

    private InvalidOperationException Undecryptable(Exception? cause) =>
        new($"A stored secret cannot be decrypted. Is {ring.Place} the key that belongs to this state?", cause);
}
