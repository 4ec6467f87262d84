namespace VpsPilot.Functions.Storage;

/// <summary>A document read, with the etag to write it back under.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">The document.</param>
/// <param name="ETag">Etag at the time of reading.</param>
internal sealed record Versioned<T>(string Key, T Value, string ETag);

/// <summary>One page of documents.</summary>
/// <param name="Items">The documents.</param>
/// <param name="Continuation">Where the next page starts; null when this was the last.</param>
internal sealed record VersionedPage<T>(IReadOnlyList<Versioned<T>> Items, string? Continuation);
