using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>Deployments that were accepted and wait to be dispatched, so that a restart does not forget them.</summary>
internal sealed class DeferredStore(IStateStore store)
{
    private const string Partition = "deferred";

    public Task AddAsync(Deployment deployment, CancellationToken ct) =>
        store.InsertAsync(Partition, Key(deployment), new DeploymentReference(deployment.Id), DeploymentsJson.Default.DeploymentReference, ct);

    public Task RemoveAsync(Deployment deployment, CancellationToken ct) => store.DeleteAsync(Partition, Key(deployment), null, ct);

    /// <summary>Ids, the oldest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", DeploymentsJson.Default.DeploymentReference, ct)).Select(r => r.Value.Id)];

    private static string Key(Deployment deployment) => $"{StateKeys.OldestFirst(deployment.CreatedAt)}-{deployment.Id}";
}
