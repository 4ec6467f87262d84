namespace VpsPilot.Functions.Storage;

/// <summary>
/// JSON documents by partition and key. The semantics are those that Azure Tables can keep: every write concerns one document,
/// there is no transaction over several, a list is one partition in ascending ordinal order of its keys, and a document is at most
/// <see cref="StateLimits.MaxDocumentBytes"/>. A write that was answered is durable.
/// </summary>
internal interface IStateStore
{
    /// <summary>The document, or null when there is none.</summary>
    Task<StateDocument?> GetAsync(string partition, string key, CancellationToken ct);

    /// <summary>
    /// Documents of a partition whose key starts with <paramref name="prefix"/> (empty: all), by key, ascending.
    /// For "newest first" the key has to start with <see cref="StateKeys.NewestFirst"/>.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="prefix">Start of the keys; empty for all.</param>
    /// <param name="limit">At most this many, from 1.</param>
    /// <param name="continuation">The last page's <see cref="StatePage.Continuation"/>; null for the first page.</param>
    /// <param name="ct">Cancels the read.</param>
    Task<StatePage> ListAsync(string partition, string prefix, int limit, string? continuation, CancellationToken ct);

    /// <summary>Writes a document that must not exist yet. The new etag, or null when it exists (which is left as it is).</summary>
    Task<string?> InsertAsync(string partition, string key, ReadOnlyMemory<byte> json, CancellationToken ct);

    /// <summary>Writes over the document that still has <paramref name="etag"/>. The new etag, or null when it was changed or deleted since.</summary>
    Task<string?> ReplaceAsync(string partition, string key, ReadOnlyMemory<byte> json, string etag, CancellationToken ct);

    /// <summary>Like <see cref="ReplaceAsync"/>, for what nobody waits for: a store may hold it back for at most 50 ms, to flush several at once.</summary>
    Task<string?> ReplaceSoonAsync(string partition, string key, ReadOnlyMemory<byte> json, string etag, CancellationToken ct) => ReplaceAsync(partition, key, json, etag, ct);

    /// <summary>Writes the document whatever is there. The new etag.</summary>
    Task<string> UpsertAsync(string partition, string key, ReadOnlyMemory<byte> json, CancellationToken ct);

    /// <summary>
    /// Documents of all partitions, each once, by partition and key; for copies of everything. What is written meanwhile may be there or not.
    /// A page may be empty and yet not the last.
    /// </summary>
    /// <param name="limit">At most this many, from 1 to 1,000.</param>
    /// <param name="continuation">The last page's <see cref="StateScan.Continuation"/>; null for the first page.</param>
    /// <param name="ct">Cancels the read.</param>
    Task<StateScan> ScanAsync(int limit, string? continuation, CancellationToken ct);

    /// <summary>Deletes the document; with an <paramref name="etag"/> only if it still has that one. True when it was deleted.</summary>
    Task<bool> DeleteAsync(string partition, string key, string? etag, CancellationToken ct);
}

/// <summary>A document as stored.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Json">UTF-8 JSON.</param>
/// <param name="ETag">Changes with every write.</param>
internal sealed record StateDocument(string Key, ReadOnlyMemory<byte> Json, string ETag);

/// <summary>One page of a list.</summary>
/// <param name="Items">The documents.</param>
/// <param name="Continuation">Where the next page starts; null when this was the last.</param>
internal sealed record StatePage(IReadOnlyList<StateDocument> Items, string? Continuation);

/// <summary>A document of any partition.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Key">Its key.</param>
/// <param name="Json">UTF-8 JSON.</param>
internal sealed record ScannedDocument(string Partition, string Key, ReadOnlyMemory<byte> Json);

/// <summary>One page of everything.</summary>
/// <param name="Items">The documents.</param>
/// <param name="Continuation">Where the next page starts; null when this was the last.</param>
internal sealed record StateScan(IReadOnlyList<ScannedDocument> Items, string? Continuation);
