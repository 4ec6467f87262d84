using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace VpsPilot.Functions.Storage.Azure;

/// <summary>The parts of a log as one stream, from an offset to the end that each part had when the stream was opened.</summary>
internal sealed class BlobLogStream(BlobContainerClient container, IReadOnlyList<BlobLogPart> parts, long offset) : Stream
{
    private int index;
    private long position = Math.Max(offset, parts[0].Start);
    private Stream? current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (index < parts.Count)
        {
            var part = parts[index];
            var left = part.End - position;
            if (left > 0)
            {
                current ??= await container.GetAppendBlobClient(part.Blob).OpenReadAsync(new BlobOpenReadOptions(allowModifications: true) { Position = position - part.Start }, cancellationToken);
                var read = await current.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
                position += read;
                if (read > 0 || buffer.IsEmpty)
                {
                    return read;
                }
            }

            await CloseAsync();
            index++;
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            current?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask CloseAsync()
    {
        if (current is not null)
        {
            await current.DisposeAsync();
            current = null;
        }
    }
}
