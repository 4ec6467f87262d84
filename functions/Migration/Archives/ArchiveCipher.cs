using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VpsPilot.Functions.Migration.Archives;

/// <summary>
/// The encryption of archives: a key from the passphrase (PBKDF2 with SHA-256), and AES-256-GCM for each frame. The nonce counts the frames, the
/// header and the frame's own start are bound in, and the last frame says that it is the last: nothing can be left out, added or moved.
/// </summary>
/// <remarks>Source: NIST SP 800-132 and SP 800-38D; the number of iterations is that of the OWASP Password Storage Cheat Sheet of 2025.</remarks>
internal sealed class ArchiveCipher : IDisposable
{
    public const int HeaderSize = 8 + sizeof(int) + SaltSize;

    /// <summary>What stands before each frame's ciphertext: 1 for the last frame or 0, and the length of the plaintext.</summary>
    public const int FrameStartSize = 1 + sizeof(int);

    public const int TagSize = 16;

    /// <summary>Most plaintext of one frame.</summary>
    public const int MaxFrame = 64 * 1024;

    private const int SaltSize = 16;
    private const int Iterations = 600_000;
    private const int MostIterations = 10_000_000;

    private readonly byte[] header;
    private readonly AesGcm aes;
    private readonly byte[] nonce = new byte[12];
    private readonly byte[] bound;
    private long frames;

    private ArchiveCipher(byte[] header, string passphrase)
    {
        this.header = header;
        bound = [.. header, .. new byte[FrameStartSize]];
        var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, header.AsSpan(HeaderSize - SaltSize), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)), HashAlgorithmName.SHA256, 32);
        aes = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
    }

    private static ReadOnlySpan<byte> Magic => "VPSPARC1"u8;

    /// <summary>What the archive begins with.</summary>
    public ReadOnlyMemory<byte> Header => header;

    /// <summary>For a new archive.</summary>
    public static ArchiveCipher Create(string passphrase)
    {
        var made = new byte[HeaderSize];
        Magic.CopyTo(made);
        BinaryPrimitives.WriteInt32BigEndian(made.AsSpan(8), Iterations);
        RandomNumberGenerator.Fill(made.AsSpan(HeaderSize - SaltSize));
        return new(made, passphrase);
    }

    /// <summary>For an archive with this header.</summary>
    /// <exception cref="ArchiveException">It is not the header of an archive.</exception>
    public static ArchiveCipher Open(byte[] start, string passphrase) =>
        start.Length == HeaderSize && start.AsSpan().StartsWith(Magic) && BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(8)) is >= Iterations and <= MostIterations
            ? new(start, passphrase)
            : throw new ArchiveException("This is not an archive of VPS Pilot.");

    /// <summary>The frame as it is written: start, ciphertext, tag.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, bool isLast)
    {
        var frame = new byte[FrameStartSize + plaintext.Length + TagSize];
        frame[0] = isLast ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), plaintext.Length);
        Next(frame.AsSpan(0, FrameStartSize));
        aes.Encrypt(nonce, plaintext, frame.AsSpan(FrameStartSize, plaintext.Length), frame.AsSpan(FrameStartSize + plaintext.Length), bound);
        return frame;
    }

    /// <summary>The plaintext of the next frame.</summary>
    /// <exception cref="ArchiveException">It was written with another passphrase, or changed.</exception>
    public byte[] Unseal(ReadOnlySpan<byte> start, ReadOnlySpan<byte> sealedBytes)
    {
        var plaintext = new byte[sealedBytes.Length - TagSize];
        Next(start);
        try
        {
            aes.Decrypt(nonce, sealedBytes[..^TagSize], sealedBytes[^TagSize..], plaintext, bound);
            return plaintext;
        }
        catch (CryptographicException e)
        {
            throw new ArchiveException(frames == 1 ? "The passphrase is not the archive's, or the archive is damaged." : "The archive is damaged.", e);
        }
    }

    public void Dispose() => aes.Dispose();

    /// <summary>What is wrong with a passphrase; null when nothing is.</summary>
    public static string? MistakeIn(string? passphrase) => passphrase is { Length: >= 16 and <= 200 } && passphrase.All(c => c is >= ' ' and <= '~')
        ? null
        : "must be 16 to 200 printable ASCII characters, at best random ones.";

    private void Next(ReadOnlySpan<byte> start)
    {
        BinaryPrimitives.WriteInt64BigEndian(nonce, frames++);
        start.CopyTo(bound.AsSpan(HeaderSize));
    }
}
