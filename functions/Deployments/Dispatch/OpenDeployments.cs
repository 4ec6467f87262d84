using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>The deployments whose orchestration was started and that have not ended, so that the reaper need not look at all there ever were.</summary>
internal sealed class OpenDeployments(IStateStore store)
{
    private const string Partition = "open";

    public Task AddAsync(string id, CancellationToken ct) => store.InsertAsync(Partition, id, new DeploymentReference(id), DeploymentsJson.Default.DeploymentReference, ct);

    public Task RemoveAsync(string id, CancellationToken ct) => store.DeleteAsync(Partition, id, null, ct);

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", DeploymentsJson.Default.DeploymentReference, ct)).Select(r => r.Key)];
}
