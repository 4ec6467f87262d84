using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace VpsPilot.Functions.Storage.Azure;

/// <summary>
/// Logs as append blobs. A log is one or more blobs <c>NAME/OFFSET</c>, where OFFSET (19 digits) is how many bytes of the log come before it:
/// an append blob holds a limited number of blocks, and the next one goes on where it is full. The position condition of the service makes
/// one of several writers win.
/// </summary>
/// <param name="container">Where the logs are.</param>
/// <param name="maxBlocks">Blocks in one blob.</param>
/// <remarks>Source: Azure documentation, "Append Block": at most 50,000 blocks a blob, and 4 MiB a block in every version of the service.</remarks>
internal sealed class BlobLogStore(BlobContainerClient container, int maxBlocks = BlobLogStore.MaxBlocks) : ILogStore
{
    /// <summary>What the service allows.</summary>
    public const int MaxBlocks = 50_000;

    /// <summary>Most bytes of one append.</summary>
    public const int MaxAppendBytes = 4 * 1024 * 1024;

    /// <summary>Makes the container, if there is none yet.</summary>
    public Task EnsureAsync(CancellationToken ct) => container.CreateIfNotExistsAsync(cancellationToken: ct);

    public async Task<LogAppend> AppendAsync(string name, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        LogNames.Check(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxAppendBytes, nameof(bytes));
        var last = LastOf(await PartsAsync(name, ct));
        var length = last?.End ?? 0;
        if (offset != length || bytes.IsEmpty)
        {
            return new(offset == length, length);
        }

        if (last is null || last.Blocks >= maxBlocks)
        {
            last = await BeginAsync(name, length, ct);
        }

        try
        {
            var condition = new AppendBlobRequestConditions { IfAppendPositionEqual = offset - last.Start };
            using var content = new MemoryStream(bytes.ToArray(), writable: false);
            await container.GetAppendBlobClient(last.Blob).AppendBlockAsync(content, new AppendBlobAppendBlockOptions { Conditions = condition }, ct);
            return new(true, offset + bytes.Length);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet || e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return new(false, await LengthAsync(name, ct));
        }
    }

    public async Task<long> LengthAsync(string name, CancellationToken ct)
    {
        LogNames.Check(name);
        return LastOf(await PartsAsync(name, ct))?.End ?? 0;
    }

    public async Task<Stream> OpenReadAsync(string name, long offset, CancellationToken ct)
    {
        LogNames.Check(name);
        var parts = (await PartsAsync(name, ct)).Where(p => p.End > offset).ToList();
        return parts.Count == 0 ? Stream.Null : new BlobLogStream(container, parts, offset);
    }

    public async Task DeleteAsync(string prefix, CancellationToken ct)
    {
        LogNames.Check(prefix);
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix + "/" }, ct))
        {
            await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: ct);
        }
    }

    private static BlobLogPart? LastOf(IReadOnlyList<BlobLogPart> parts) => parts is [.., var last] ? last : null;

    /// <summary>The parts of a log, in order. A part below a sub-folder belongs to another log.</summary>
    private async Task<IReadOnlyList<BlobLogPart>> PartsAsync(string name, CancellationToken ct)
    {
        var parts = new List<BlobLogPart>();
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions { Prefix = name + "/" }, ct))
        {
            if (long.TryParse(blob.Name.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var start) && blob.Name.Length == name.Length + 20)
            {
                parts.Add(new(blob.Name, start, start + (blob.Properties.ContentLength ?? 0), 0));
            }
        }

        if (parts.Count > 0)
        {
            // A list has no number of blocks.
            var properties = (await container.GetAppendBlobClient(parts[^1].Blob).GetPropertiesAsync(cancellationToken: ct)).Value;
            parts[^1] = parts[^1] with { End = parts[^1].Start + properties.ContentLength, Blocks = properties.BlobCommittedBlockCount };
        }

        return parts;
    }

    /// <summary>Makes the next part; another writer may have made it already.</summary>
    private async Task<BlobLogPart> BeginAsync(string name, long start, CancellationToken ct)
    {
        var part = new BlobLogPart(string.Create(CultureInfo.InvariantCulture, $"{name}/{start:D19}"), start, start, 0);
        await container.GetAppendBlobClient(part.Blob).CreateIfNotExistsAsync(new AppendBlobCreateOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/plain; charset=utf-8" } }, ct);
        return part;
    }
}

/// <summary>A part of a log.</summary>
/// <param name="Blob">Name of the blob.</param>
/// <param name="Start">Bytes of the log before it.</param>
/// <param name="End">Bytes of the log up to its end.</param>
/// <param name="Blocks">Blocks in it; known for the last part only.</param>
internal sealed record BlobLogPart(string Blob, long Start, long End, int Blocks);
