using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace VpsPilot.Functions.Migration.Archives;

/// <summary>Reads an archive. It is whole only when the enumeration comes to its end without an exception.</summary>
internal static class ArchiveReader
{
    /// <summary>Largest line: a document or a piece of a log, in JSON, with room to spare.</summary>
    private const int MaxLine = 4 * 1024 * 1024;

    /// <summary>The records, the head included, the end left out.</summary>
    /// <exception cref="ArchiveException">The archive cannot be used.</exception>
    public static async IAsyncEnumerable<ArchiveRecord> ReadAsync(Stream from, string passphrase, [EnumeratorCancellation] CancellationToken ct)
    {
        var header = new byte[ArchiveCipher.HeaderSize];
        var length = await from.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, ct);
        using var cipher = ArchiveCipher.Open(header[..length], passphrase);
        await using var packed = new GZipStream(new OpeningStream(from, cipher), CompressionMode.Decompress);
        var lines = PipeReader.Create(packed, new StreamPipeReaderOptions(leaveOpen: true));
        var (count, ended) = (0L, false);
        while (await LineAsync(lines, ct) is { } line)
        {
            var record = Parse(line, count + 1);
            if (ended || (record is ArchiveHead) != (count == 0))
            {
                throw Damaged(count + 1);
            }

            if (record is ArchiveHead { Format: > ArchiveHead.CurrentFormat } head)
            {
                throw new ArchiveException($"The archive has format {head.Format} and was written by version {head.Version}; this version knows format {ArchiveHead.CurrentFormat}.");
            }

            if (record is ArchiveEnd end)
            {
                ended = end.Records == count ? true : throw Damaged(count + 1);
                continue;
            }

            count++;
            yield return record;
        }

        if (!ended)
        {
            throw new ArchiveException("The archive is cut off.");
        }
    }

    private static async Task<byte[]?> LineAsync(PipeReader lines, CancellationToken ct)
    {
        while (true)
        {
            var read = await FillAsync(lines, ct);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } at)
            {
                var line = buffer.Slice(0, at).ToArray();
                lines.AdvanceTo(buffer.GetPosition(1, at));
                return line;
            }

            if (read.IsCompleted || buffer.Length > MaxLine)
            {
                return buffer.IsEmpty ? null : throw new ArchiveException("The archive is damaged: a line has no end.");
            }

            lines.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static async Task<ReadResult> FillAsync(PipeReader lines, CancellationToken ct)
    {
        try
        {
            return await lines.ReadAsync(ct);
        }
        catch (InvalidDataException e)
        {
            throw new ArchiveException("The archive is damaged.", e);
        }
    }

    private static ArchiveRecord Parse(byte[] line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ArchiveJson.Default.ArchiveRecord) ?? throw Damaged(number);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArchiveException($"The archive is damaged, or from a newer version: record {number} cannot be read.", e);
        }
    }

    private static ArchiveException Damaged(long number) => new($"The archive is damaged: record {number} is not what comes there.");
}
