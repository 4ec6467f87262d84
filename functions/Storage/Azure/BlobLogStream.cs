using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace VpsPilot.Functions.Storage.Azure;

/// <summary>The parts of a log as one stream, from an offset to the end that each part had when the stream was opened.</summary>
internal sealed class BlobLogStream(BlobContainerClient container, IReadOnlyList<BlobLogPart> parts, long offset) : ReadingStream
{
    private int index;
    private long position = Math.Max(offset, parts[0].Start);
    private Stream? current;

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
