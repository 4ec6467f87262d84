using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments;

/// <summary>A release that a node has, as stored.</summary>
internal sealed record Release
{
    public required string NodeId { get; init; }

    public required string ReleaseId { get; init; }

    public required int Generation { get; init; }

    public required string Commit { get; init; }

    public required string StorePath { get; init; }

    public required DateTimeOffset ActivatedAt { get; init; }
}

/// <summary>What each node can go back to, from what nodes reported. Partition <c>release:&lt;project&gt;</c>, newest generation first.</summary>
internal sealed class ReleaseStore(IStateStore store, TimeProvider time)
{
    /// <summary>Keeps a release that was switched to, and forgets those of the node beyond the number that it keeps.</summary>
    public async Task RecordAsync(string projectId, string nodeId, ServingRelease serving, int keep, CancellationToken ct)
    {
        var release = new Release
        {
            NodeId = nodeId,
            ReleaseId = serving.ReleaseId,
            Generation = serving.Generation,
            Commit = serving.Commit,
            StorePath = serving.StorePath,
            ActivatedAt = time.GetUtcNow(),
        };
        await store.UpsertAsync(Partition(projectId), $"{nodeId}:{StateKeys.Descending(serving.Generation)}", release, DeploymentsJson.Default.Release, ct);
        foreach (var old in (await store.ListAllAsync(Partition(projectId), nodeId + ":", DeploymentsJson.Default.Release, ct)).Skip(keep))
        {
            await store.DeleteAsync(Partition(projectId), old.Key, null, ct);
        }
    }

    public async Task<IReadOnlyList<Release>> ListAsync(string projectId, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(projectId), "", DeploymentsJson.Default.Release, ct)).Select(r => r.Value)];

    /// <summary>Forgets the releases of a project that is deleted.</summary>
    public async Task DeleteAllAsync(string projectId, CancellationToken ct)
    {
        foreach (var release in await store.ListAllAsync(Partition(projectId), "", DeploymentsJson.Default.Release, ct))
        {
            await store.DeleteAsync(Partition(projectId), release.Key, null, ct);
        }
    }

    private static string Partition(string projectId) => "release:" + projectId;
}
