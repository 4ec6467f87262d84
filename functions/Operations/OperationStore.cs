using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Operations;

/// <summary>
/// Operations and what nodes answered. Partition <c>operation:&lt;id&gt;</c> holds all of one; partition <c>operations</c> the order of time, for
/// the day when they are deleted.
/// </summary>
internal sealed class OperationStore(IStateStore store)
{
    public const string Row = "operation";
    private const string Node = "node:";
    private const string ByTime = "operations";

    /// <summary>Null when there is none of that id.</summary>
    public async Task<Operation?> GetAsync(string id, CancellationToken ct) =>
        DeploymentIds.IsValid(id) ? (await store.GetAsync(Partition(id), Row, OperationsJson.Default.Operation, ct))?.Value : null;

    /// <summary>False when there is one of that id, which is left as it is.</summary>
    public async Task<bool> InsertAsync(Operation operation, CancellationToken ct)
    {
        // The order of time first: no row is ever without the day when it is deleted.
        await store.UpsertAsync(ByTime, KeyOf(operation), new OperationReference(operation.Id), OperationsJson.Default.OperationReference, ct);
        return await store.InsertAsync(Partition(operation.Id), Row, operation, OperationsJson.Default.Operation, ct) is not null;
    }

    /// <summary>Ends an operation; one that has ended stays as it is.</summary>
    public Task<Operation?> FinishAsync(string id, OperationStatus status, DateTimeOffset at, CancellationToken ct) => store.UpdateAsync(
        Partition(id), Row, current => current is not { Status: OperationStatus.Running } ? null : current with { Status = status, FinishedAt = at }, OperationsJson.Default.Operation, ct);

    public Task RecordAsync(string id, OperationNode node, CancellationToken ct) =>
        store.UpsertAsync(Partition(id), Node + node.NodeId, node, OperationsJson.Default.OperationNode, ct);

    /// <summary>Nodes that have answered.</summary>
    public async Task<IReadOnlyList<OperationNode>> NodesAsync(string id, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(id), Node, OperationsJson.Default.OperationNode, ct)).Select(n => n.Value)];

    /// <summary>The oldest operations that are not newer than <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<Operation>> OlderAsync(DateTimeOffset before, int most, CancellationToken ct)
    {
        var page = await store.ListAsync(ByTime, "", most, null, OperationsJson.Default.OperationReference, ct);
        var found = new List<Operation>();
        foreach (var reference in page.Items.TakeWhile(r => string.CompareOrdinal(r.Key, StateKeys.OldestFirst(before)) < 0))
        {
            if (await GetAsync(reference.Value.Id, ct) is { } operation)
            {
                found.Add(operation);
            }
            else
            {
                await store.DeleteAsync(ByTime, reference.Key, null, ct);
            }
        }

        return found;
    }

    public async Task DeleteAsync(Operation operation, CancellationToken ct)
    {
        foreach (var node in operation.Nodes)
        {
            await store.DeleteAsync(Partition(operation.Id), Node + node, null, ct);
        }

        await store.DeleteAsync(Partition(operation.Id), Row, null, ct);
        await store.DeleteAsync(ByTime, KeyOf(operation), null, ct);
    }

    private static string KeyOf(Operation operation) => $"{StateKeys.OldestFirst(operation.CreatedAt)}-{operation.Id}";

    private static string Partition(string id) => "operation:" + id;
}
