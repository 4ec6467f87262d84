using System.IO.Compression;
using System.Text.Json;

namespace VpsPilot.Functions.Migration.Archives;

/// <summary>Writes an archive: records as lines of JSON, compressed, encrypted.</summary>
internal static class ArchiveWriter
{
    /// <summary>Writes the records and the end. When it is canceled or fails, what is there is known as cut off.</summary>
    public static async Task WriteAsync(Stream to, string passphrase, IAsyncEnumerable<ArchiveRecord> records, CancellationToken ct)
    {
        using var cipher = ArchiveCipher.Create(passphrase);
        await to.WriteAsync(cipher.Header, ct);
        await using var sealing = new SealingStream(to, cipher);
        await using (var packed = new GZipStream(sealing, CompressionLevel.Fastest, leaveOpen: true))
        {
            var count = 0L;
            await foreach (var record in records.WithCancellation(ct))
            {
                await LineAsync(packed, record, ct);
                count++;
            }

            await LineAsync(packed, new ArchiveEnd(count), ct);
        }

        await sealing.CompleteAsync(ct);
    }

    private static async Task LineAsync(GZipStream packed, ArchiveRecord record, CancellationToken ct)
    {
        await JsonSerializer.SerializeAsync(packed, record, ArchiveJson.Default.ArchiveRecord, ct);
        await packed.WriteAsync("\n"u8.ToArray(), ct);
    }
}
