using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>A deployment that was accepted.</summary>
/// <param name="Key">Key of the marker.</param>
/// <param name="Id">Id of the deployment.</param>
internal sealed record Deferred(string Key, string Id);

/// <summary>Deployments that were accepted and wait to be dispatched, so that a restart does not forget them.</summary>
internal sealed class DeferredStore(IStateStore store)
{
    private const string Partition = "deferred";

    public Task AddAsync(Deployment deployment, CancellationToken ct) =>
        store.InsertAsync(Partition, Key(deployment), new DeploymentReference(deployment.Id), DeploymentsJson.Default.DeploymentReference, ct);

    public Task RemoveAsync(Deployment deployment, CancellationToken ct) => store.DeleteAsync(Partition, Key(deployment), null, ct);

    public Task RemoveAsync(Deferred marker, CancellationToken ct) => store.DeleteAsync(Partition, marker.Key, null, ct);

    /// <summary>Everything that was deferred before <paramref name="before"/>, the oldest first.</summary>
    public async Task<IReadOnlyList<Deferred>> ListAsync(DateTimeOffset before, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", DeploymentsJson.Default.DeploymentReference, ct))
            .Where(r => string.CompareOrdinal(r.Key, StateKeys.OldestFirst(before)) < 0)
            .Select(r => new Deferred(r.Key, r.Value.Id))];

    private static string Key(Deployment deployment) => $"{StateKeys.OldestFirst(deployment.CreatedAt)}-{deployment.Id}";
}
