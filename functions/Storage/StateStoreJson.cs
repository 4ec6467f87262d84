using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VpsPilot.Functions.Storage;

/// <summary>The state store in terms of typed documents.</summary>
internal static class StateStoreJson
{
    private const int PageSize = 200;

    public static async Task<Versioned<T>?> GetAsync<T>(this IStateStore store, string partition, string key, JsonTypeInfo<T> type, CancellationToken ct) =>
        await store.GetAsync(partition, key, ct) is { } document ? Read(document, type) : null;

    public static async Task<VersionedPage<T>> ListAsync<T>(this IStateStore store, string partition, string prefix, int limit, string? continuation, JsonTypeInfo<T> type, CancellationToken ct)
    {
        var page = await store.ListAsync(partition, prefix, limit, continuation, ct);
        return new([.. page.Items.Select(d => Read(d, type))], page.Continuation);
    }

    /// <summary>Every document of a partition that starts with the prefix; for partitions that are small by nature.</summary>
    public static async Task<IReadOnlyList<Versioned<T>>> ListAllAsync<T>(this IStateStore store, string partition, string prefix, JsonTypeInfo<T> type, CancellationToken ct)
    {
        var all = new List<Versioned<T>>();
        string? continuation = null;
        do
        {
            var page = await store.ListAsync(partition, prefix, PageSize, continuation, type, ct);
            all.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return all;
    }

    public static Task<string?> InsertAsync<T>(this IStateStore store, string partition, string key, T value, JsonTypeInfo<T> type, CancellationToken ct) =>
        store.InsertAsync(partition, key, JsonSerializer.SerializeToUtf8Bytes(value, type), ct);

    public static Task<string?> ReplaceAsync<T>(this IStateStore store, string partition, string key, T value, string etag, JsonTypeInfo<T> type, CancellationToken ct) =>
        store.ReplaceAsync(partition, key, JsonSerializer.SerializeToUtf8Bytes(value, type), etag, ct);

    public static Task<string> UpsertAsync<T>(this IStateStore store, string partition, string key, T value, JsonTypeInfo<T> type, CancellationToken ct) =>
        store.UpsertAsync(partition, key, JsonSerializer.SerializeToUtf8Bytes(value, type), ct);

    /// <summary>
    /// Reads, changes and writes a document until no other writer came between. <paramref name="change"/> gets null when there is no document,
    /// and returns what is to be stored, or null to leave everything as it is; it may be called several times.
    /// </summary>
    /// <returns>What is stored afterwards; null when there is nothing.</returns>
    public static Task<T?> UpdateAsync<T>(this IStateStore store, string partition, string key, Func<T?, T?> change, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class => UpdateAsync(store, partition, key, change, type, mayWait: false, ct);

    /// <summary>The same for what nobody waits for: <see cref="IStateStore.ReplaceSoonAsync"/>.</summary>
    public static Task<T?> UpdateSoonAsync<T>(this IStateStore store, string partition, string key, Func<T?, T?> change, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class => UpdateAsync(store, partition, key, change, type, mayWait: true, ct);

    private static async Task<T?> UpdateAsync<T>(IStateStore store, string partition, string key, Func<T?, T?> change, JsonTypeInfo<T> type, bool mayWait, CancellationToken ct)
        where T : class
    {
        while (true)
        {
            var current = await store.GetAsync(partition, key, type, ct);
            if (change(current?.Value) is not { } changed)
            {
                return current?.Value;
            }

            var json = JsonSerializer.SerializeToUtf8Bytes(changed, type);
            var etag = current is null ? await store.InsertAsync(partition, key, json, ct)
                : mayWait ? await store.ReplaceSoonAsync(partition, key, json, current.ETag, ct)
                : await store.ReplaceAsync(partition, key, json, current.ETag, ct);
            if (etag is not null)
            {
                return changed;
            }
        }
    }

    private static Versioned<T> Read<T>(StateDocument document, JsonTypeInfo<T> type) =>
        new(document.Key, JsonSerializer.Deserialize(document.Json.Span, type) ?? throw new JsonException($"The document {document.Key} is null."), document.ETag);
}
