using Azure;
using Azure.Data.Tables;

namespace VpsPilot.Functions.Storage.Azure;

/// <summary>
/// State in one Azure table: the partition is the PartitionKey, the key is the RowKey, the document is a binary property. Transient faults
/// are retried by the client; a write whose answer was lost on the way is recognised by its own mark, so that a retry is no second writer.
/// </summary>
/// <remarks>Source: Azure documentation, "Table service REST API": 409 for an entity that exists, 412 for an etag that changed, 404 for one that is gone.</remarks>
internal sealed class TableStateStore(TableClient table) : IStateStore
{
    private const string Json = "Json";
    private const string Mark = "Mark";

    /// <summary>Makes the table, if there is none yet.</summary>
    public Task EnsureAsync(CancellationToken ct) => table.CreateIfNotExistsAsync(ct);

    public async Task<StateDocument?> GetAsync(string partition, string key, CancellationToken ct)
    {
        StateLimits.CheckKey(partition);
        StateLimits.CheckKey(key);
        return await FindAsync(partition, key, ct) is { } entity ? Document(entity) : null;
    }

    public async Task<StatePage> ListAsync(string partition, string prefix, int limit, string? continuation, CancellationToken ct)
    {
        StateLimits.CheckKey(partition);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var after = continuation ?? "";
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {prefix} and RowKey lt {prefix + '\uffff'} and RowKey gt {after}");
        var items = new List<StateDocument>();

        // One more than asked for tells whether there is another page; the service itself gives at most 1,000 at a time.
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, Math.Min(limit + 1, 1000), [nameof(TableEntity.RowKey), Json], ct))
        {
            if (items.Count == limit)
            {
                return new(items, items[^1].Key);
            }

            items.Add(Document(entity));
        }

        return new(items, null);
    }

    public async Task<StateScan> ScanAsync(int limit, string? continuation, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var all = table.QueryAsync<TableEntity>(default(string), Math.Min(limit, 1000), [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), Json], ct);
        await foreach (var page in all.AsPages(continuation).WithCancellation(ct))
        {
            return new([.. page.Values.Select(e => new ScannedDocument(e.PartitionKey, e.RowKey, e.GetBinary(Json) ?? []))], page.ContinuationToken is { Length: > 0 } next ? next : null);
        }

        return new([], null);
    }

    public Task<string?> InsertAsync(string partition, string key, ReadOnlyMemory<byte> json, CancellationToken ct) =>
        WriteAsync(partition, key, json, entity => table.AddEntityAsync(entity, ct), ct);

    public Task<string?> ReplaceAsync(string partition, string key, ReadOnlyMemory<byte> json, string etag, CancellationToken ct) =>
        IsETag(etag) ? WriteAsync(partition, key, json, entity => table.UpdateEntityAsync(entity, new ETag(etag), TableUpdateMode.Replace, ct), ct) : Task.FromResult<string?>(null);

    public async Task<string> UpsertAsync(string partition, string key, ReadOnlyMemory<byte> json, CancellationToken ct)
    {
        var answer = await table.UpsertEntityAsync(Entity(partition, key, json), TableUpdateMode.Replace, ct);
        return answer.Headers.ETag.ToString()!;
    }

    public async Task<bool> DeleteAsync(string partition, string key, string? etag, CancellationToken ct)
    {
        StateLimits.CheckKey(partition);
        StateLimits.CheckKey(key);
        if (etag is not null && !IsETag(etag))
        {
            return false;
        }

        try
        {
            var answer = await table.DeleteEntityAsync(partition, key, etag is null ? ETag.All : new ETag(etag), ct);
            return answer.Status != 404;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    private async Task<string?> WriteAsync(string partition, string key, ReadOnlyMemory<byte> json, Func<TableEntity, Task<Response>> write, CancellationToken ct)
    {
        var entity = Entity(partition, key, json);
        try
        {
            var answer = await write(entity);
            return answer.Headers.ETag.ToString();
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            var stored = await FindAsync(partition, key, ct);
            return stored?.GetString(Mark) == entity.GetString(Mark) ? stored!.ETag.ToString() : null;
        }
    }

    private async Task<TableEntity?> FindAsync(string partition, string key, CancellationToken ct)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, key, [nameof(TableEntity.RowKey), Json, Mark], ct);
        return found.HasValue ? found.Value : null;
    }

    private static TableEntity Entity(string partition, string key, ReadOnlyMemory<byte> json)
    {
        StateLimits.Check(partition, key, json);
        return new TableEntity(partition, key) { [Json] = json.ToArray(), [Mark] = Guid.NewGuid().ToString("N") };
    }

    private static StateDocument Document(TableEntity entity) => new(entity.RowKey, entity.GetBinary(Json) ?? [], entity.ETag.ToString());

    /// <summary>The service answers text that never was an etag with an error; to a caller it is just not the current one.</summary>
    private static bool IsETag(string text) => text.StartsWith("W/\"", StringComparison.Ordinal) && text.EndsWith('"');
}
