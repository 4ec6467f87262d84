using System.Text.Json.Serialization;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Trees;

/// <summary>A node that is to share what it compiled in a deployment.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="Sha256">The archive it sends; null until it begins.</param>
internal sealed record TreeOffer(string NodeId, string? Sha256);

/// <summary>
/// Compiled trees on their way from one node to others: partition <c>trees:&lt;deployment&gt;</c> has the nodes that were asked for one, and the log
/// store the bytes. A node has at most one; all of a deployment are gone when it ends.
/// </summary>
internal sealed class SharedTreeStore(IStateStore store, ILogStore logs)
{
    /// <summary>Lets a node share a tree; may be repeated.</summary>
    public Task ExpectAsync(string deploymentId, string nodeId, CancellationToken ct) =>
        store.InsertAsync(Partition(deploymentId), nodeId, new TreeOffer(nodeId, null), TreesJson.Default.TreeOffer, ct);

    /// <summary>Whether the node was asked for a tree.</summary>
    public async Task<bool> IsExpectedAsync(string deploymentId, string nodeId, CancellationToken ct) =>
        await store.GetAsync(Partition(deploymentId), nodeId, TreesJson.Default.TreeOffer, ct) is not null;

    /// <summary>Appends to a node's archive, if it is <paramref name="offset"/> bytes long now. Another archive of the same node begins anew, and the earlier one is gone.</summary>
    public async Task<LogAppend> AppendAsync(string deploymentId, string nodeId, string sha256, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        string? earlier = null;
        await store.UpdateAsync(Partition(deploymentId), nodeId, current =>
        {
            earlier = current?.Sha256;
            return earlier == sha256 ? null : new TreeOffer(nodeId, sha256);
        }, TreesJson.Default.TreeOffer, ct);
        if (earlier is not null && earlier != sha256)
        {
            await logs.DeleteAsync(Name(deploymentId, nodeId, earlier), ct);
        }

        return await logs.AppendAsync(Name(deploymentId, nodeId, sha256), offset, bytes, ct);
    }

    /// <summary>Name of the log that has the most of this archive; null when nobody sent it.</summary>
    public async Task<string?> FindAsync(string deploymentId, string sha256, CancellationToken ct)
    {
        var (found, most) = ((string?)null, 0L);
        foreach (var offer in (await OffersAsync(deploymentId, ct)).Where(o => o.Sha256 == sha256))
        {
            var name = Name(deploymentId, offer.NodeId, sha256);
            if (await logs.LengthAsync(name, ct) is var length && length > most)
            {
                (found, most) = (name, length);
            }
        }

        return found;
    }

    /// <summary>Deletes what there is of a deployment; nothing there is no error.</summary>
    public async Task DeleteAsync(string deploymentId, CancellationToken ct)
    {
        var offers = await OffersAsync(deploymentId, ct);
        if (offers.Count > 0)
        {
            // The bytes first: the rows are how they are found again after a stop.
            await logs.DeleteAsync(Folder(deploymentId), ct);
        }

        foreach (var offer in offers)
        {
            await store.DeleteAsync(Partition(deploymentId), offer.NodeId, null, ct);
        }
    }

    private async Task<IReadOnlyList<TreeOffer>> OffersAsync(string deploymentId, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(deploymentId), "", TreesJson.Default.TreeOffer, ct)).Select(o => o.Value)];

    private static string Partition(string deploymentId) => "trees:" + deploymentId;

    private static string Folder(string deploymentId) => "trees/" + deploymentId;

    private static string Name(string deploymentId, string nodeId, string sha256) => $"{Folder(deploymentId)}/{nodeId}/{sha256}";
}

/// <summary>Source-generated JSON of shared trees.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TreeOffer))]
internal sealed partial class TreesJson : JsonSerializerContext;
