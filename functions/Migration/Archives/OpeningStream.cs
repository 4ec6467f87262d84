using System.Buffers.Binary;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Migration.Archives;

/// <summary>Decrypts an archive as it is read, frame by frame; nothing of a frame comes out that was changed. Its end is the archive's own.</summary>
internal sealed class OpeningStream(Stream inner, ArchiveCipher cipher) : ReadingStream
{
    private ReadOnlyMemory<byte> opened;
    private bool isLast;

    /// <exception cref="ArchiveException">The passphrase is wrong, or the archive is damaged or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (opened.IsEmpty && !isLast)
        {
            await NextAsync(cancellationToken);
        }

        var taken = Math.Min(buffer.Length, opened.Length);
        opened[..taken].CopyTo(buffer);
        opened = opened[taken..];
        return taken;
    }

    private async Task NextAsync(CancellationToken ct)
    {
        var start = await TakeAsync(ArchiveCipher.FrameStartSize, ct);
        var length = BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(1));
        if (start[0] > 1 || length is < 0 or > ArchiveCipher.MaxFrame)
        {
            throw new ArchiveException("The archive is damaged.");
        }

        var sealedBytes = await TakeAsync(length + ArchiveCipher.TagSize, ct);
        opened = cipher.Unseal(start, sealedBytes);
        isLast = start[0] == 1;
        if (isLast && await inner.ReadAsync(new byte[1], ct) > 0)
        {
            throw new ArchiveException("Something follows the end of the archive.");
        }
    }

    private async Task<byte[]> TakeAsync(int length, CancellationToken ct)
    {
        var taken = new byte[length];
        return await inner.ReadAtLeastAsync(taken, length, throwOnEndOfStream: false, ct) == length ? taken : throw new ArchiveException("The archive is cut off.");
    }
}
