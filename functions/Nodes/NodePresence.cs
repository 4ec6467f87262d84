using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Nodes;

/// <summary>Whether nodes are there. A control plane that has just started has not listened for long enough to say that one is not.</summary>
internal sealed class NodePresence(NodeStore nodes, ControlPlaneOptions options, TimeProvider time)
{
    private readonly DateTimeOffset listeningSince = time.GetUtcNow();

    /// <summary>Since when the node has been silent; null while it counts as online.</summary>
    public async Task<DateTimeOffset?> OfflineSinceAsync(string id, CancellationToken ct) =>
        OfflineSince((await nodes.GetSignAsync(id, ct))?.LastSeenAt ?? DateTimeOffset.MinValue);

    /// <summary>The same for a node that was last heard of at this time.</summary>
    public DateTimeOffset? OfflineSince(DateTimeOffset lastSeenAt)
    {
        var last = lastSeenAt > listeningSince ? lastSeenAt : listeningSince;
        return time.GetUtcNow() - last >= options.OfflineAfter ? last : null;
    }
}
