namespace VpsPilot.Functions.Migration.Archives;

/// <summary>Encrypts what is written to it. Only <see cref="CompleteAsync"/> makes a whole archive of it: what ends without is known as cut off.</summary>
internal sealed class SealingStream(Stream inner, ArchiveCipher cipher) : Stream
{
    private readonly byte[] waiting = new byte[ArchiveCipher.MaxFrame];
    private int filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (filled == waiting.Length)
            {
                await inner.WriteAsync(cipher.Seal(waiting, isLast: false), cancellationToken);
                filled = 0;
            }

            var taken = Math.Min(buffer.Length, waiting.Length - filled);
            buffer[..taken].CopyTo(waiting.AsMemory(filled));
            filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <summary>Writes the last frame.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        await inner.WriteAsync(cipher.Seal(waiting.AsSpan(0, filled), isLast: true), ct);
        await inner.FlushAsync(ct);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is written asynchronously.");
}
