using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Schedules;

/// <summary>Notices nodes that fall silent, and those that speak again.</summary>
internal sealed class NodeWatch(NodeStore nodes, NodePresence presence, OutboxStore outbox, ChangeLog changes, IStateStore store, TimeProvider time)
{
    private const string Partition = "node-offline";
    private const int PageSize = 200;

    public async Task RunAsync(CancellationToken ct)
    {
        // Of a fleet nearly all are as they were: one reading of all, and one by one only those that are not.
        var signs = await nodes.LastSeenAsync(ct);
        var offline = (await store.ListAllAsync(Partition, "", SchedulesJson.Default.OfflineNode, ct)).Select(n => n.Key).ToHashSet(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            var page = await nodes.ListAsync(new Paging(PageSize, continuation), ct);
            foreach (var node in page.Items.Where(n => n.Value.EnrolledAt is not null && n.Value.Move?.MovedAt is null))
            {
                if (signs.TryGetValue(node.Key, out var lastSeenAt) && presence.OfflineSince(lastSeenAt) is not null != offline.Contains(node.Key))
                {
                    await CheckAsync(node.Key, ct);
                }
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    private async Task CheckAsync(string id, CancellationToken ct)
    {
        if (await nodes.GetSignAsync(id, ct) is not { } sign)
        {
            return;
        }

        var known = await store.GetAsync(Partition, id, SchedulesJson.Default.OfflineNode, ct);
        var isOffline = await presence.OfflineSinceAsync(id, ct) is not null;
        if (isOffline == known is not null)
        {
            return;
        }

        await outbox.AnnounceAsync(NoticeOf(id, sign.LastSeenAt, known?.Value.LastSeenAt, isOffline), ct);
        await changes.AppendAsync(new Change { Kind = ChangeKind.Node, NodeId = id, Status = isOffline ? "offline" : "online", At = time.GetUtcNow() }, ct);
        await (isOffline ? store.UpsertAsync(Partition, id, new OfflineNode(sign.LastSeenAt), SchedulesJson.Default.OfflineNode, ct) : (Task)store.DeleteAsync(Partition, id, null, ct));
    }

    private Notice NoticeOf(string id, DateTimeOffset lastSeenAt, DateTimeOffset? offlineSince, bool isOffline) => new()
    {
        Id = $"node-{id}-{(isOffline ? "offline" : "online")}-{(offlineSince ?? lastSeenAt).UtcTicks}",
        Kind = isOffline ? NoticeKind.NodeOffline : NoticeKind.NodeOnline,
        Title = isOffline ? $"Node {id} is offline" : $"Node {id} is online again",
        Text = isOffline ? $"It was last heard of at {lastSeenAt:u}. On the node: systemctl status vpspilot-agent." : $"It had been silent since {offlineSince:u}.",
        NodeId = id,
        At = time.GetUtcNow(),
    };
}

/// <summary>Looks for silent nodes every half minute.</summary>
internal sealed class NodeWatchFunction(NodeWatch watch)
{
    [Function(nameof(WatchNodes))]
    public Task WatchNodes([TimerTrigger("*/30 * * * * *")] TimerInfo timer, CancellationToken ct) => watch.RunAsync(ct);
}
