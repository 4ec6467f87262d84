using VpsPilot.Functions.Access;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Nodes.EventsKeys;

/// <summary>
/// Changes the key by which nodes send events. The rule gets the new key as its first and keeps the earlier as its second; each node gets the new one
/// in a command on its own queue, where one that is off finds it later; when all have it, or the time is up, the second key is replaced as well. A stop at any
/// point is mended by the next call: what was done is read off the rule.
/// </summary>
internal sealed class EventsKeyRotation(IStateStore store, INodeQueues queues, NodeStore nodes, EventsKeyCommands commands, AuditLog audit, TimeProvider time) : IDisposable
{
    /// <summary>Where the state has it.</summary>
    public const string Partition = "events-key";

    private const string Key = "change";

    /// <summary>A change that has not got further by then was interrupted, and anybody may go on with it.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>
    /// Begins a change. While one is under way it brings that one's key again to the nodes that have not taken it, unless there shall be no overlap: then there is
    /// another key, and all earlier ones are refused. Null when another process is beginning one.
    /// </summary>
    public async Task<EventsKeyView?> BeginAsync(TimeSpan overlap, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var present = await store.GetAsync(Partition, Key, NodesJson.Default.EventsKeyChange, ct);
            if (present?.Value is { StartedAt: null } claimed && time.GetUtcNow() - claimed.AskedAt < Claim)
            {
                return null;
            }

            if (present is not { Value.EndedAt: null } || (overlap == TimeSpan.Zero && present.Value.StartedAt is not null))
            {
                var change = new EventsKeyChange { AskedAt = time.GetUtcNow(), Replaced = (await queues.EventsKeysAsync(ct)).Fingerprint, Overlap = overlap };
                var etag = present is null
                    ? await store.InsertAsync(Partition, Key, change, NodesJson.Default.EventsKeyChange, ct)
                    : await store.ReplaceAsync(Partition, Key, change, present.ETag, NodesJson.Default.EventsKeyChange, ct);
                if (etag is null)
                {
                    return null;
                }
            }

            return await GoOnAsync(CancellationToken.None);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>How far the last change is.</summary>
    public async Task<EventsKeyView> ReadAsync(CancellationToken ct) => (await store.GetAsync(Partition, Key, NodesJson.Default.EventsKeyChange, ct))?.Value is { } change
        ? View(change, await WaitingAsync(change, ct))
        : new EventsKeyView(null, null, []);

    /// <summary>Refuses the earlier key when no node waits for the new one any more, or the time is up. Goes on with a change that was interrupted.</summary>
    public async Task EndIfDueAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if ((await store.GetAsync(Partition, Key, NodesJson.Default.EventsKeyChange, ct))?.Value is not { EndedAt: null } change)
            {
                return;
            }

            if (change.StartedAt is null)
            {
                if (time.GetUtcNow() - change.AskedAt >= Claim)
                {
                    await GoOnAsync(ct);
                }

                return;
            }

            var waiting = await WaitingAsync(change, ct);
            if (waiting.Count == 0 || change.EndsAt <= time.GetUtcNow())
            {
                await EndAsync(change, waiting, ct);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    /// <summary>Gives the rule the new key, where it has not got it yet, and the nodes too.</summary>
    private async Task<EventsKeyView> GoOnAsync(CancellationToken ct)
    {
        var change = (await store.GetAsync(Partition, Key, NodesJson.Default.EventsKeyChange, ct))!.Value;
        var keys = await queues.EventsKeysAsync(ct);
        if (change.StartedAt is null)
        {
            if (keys.Fingerprint == change.Replaced)
            {
                keys = keys.Next(keepsEarlier: change.Overlap > TimeSpan.Zero);
                await queues.SetEventsKeysAsync(keys, ct);
            }

            // After the rule was changed: whoever is enrolled later has the new key.
            var now = time.GetUtcNow();
            change = change with { Fingerprint = keys.Fingerprint, StartedAt = now, EndedAt = change.Overlap > TimeSpan.Zero ? null : now };
            await store.UpsertAsync(Partition, Key, change, NodesJson.Default.EventsKeyChange, ct);
        }

        var waiting = await WaitingAsync(change, ct);
        await BringAsync(keys, waiting, ct);
        return View(change, waiting);
    }

    private async Task EndAsync(EventsKeyChange change, IReadOnlyList<Node> waiting, CancellationToken ct)
    {
        // Once more before theirs is refused: a node whose queue could not be reached the first time would else be shut out with nothing to find.
        var keys = await queues.EventsKeysAsync(ct);
        await BringAsync(keys, waiting, ct);
        await queues.SetEventsKeysAsync(keys.WithoutEarlier(), ct);
        await store.UpsertAsync(Partition, Key, change with { EndedAt = time.GetUtcNow() }, NodesJson.Default.EventsKeyChange, ct);
        var detail = waiting.Count == 0 ? "the earlier key is refused: every node has the new one" : $"the earlier key is refused: the time is up; without the new one: {string.Join(", ", waiting.Take(20).Select(n => n.Id))}";
        await audit.WriteAsync(new AuditEntry { What = nameof(EventsKeyFunctions.EndEventsKeyOverlap), Method = "TIMER", Path = QueueNames.Events, Status = 200, Detail = detail }, ct);
    }

    private async Task BringAsync(SendKeys keys, IReadOnlyList<Node> waiting, CancellationToken ct)
    {
        foreach (var node in waiting)
        {
            await commands.SendAsync(node, keys, ct);
        }
    }

    private async Task<IReadOnlyList<Node>> WaitingAsync(EventsKeyChange change, CancellationToken ct) => [.. (await nodes.EnrolledAsync(ct)).Where(n => !change.IsWith(n))];

    private static EventsKeyView View(EventsKeyChange change, IReadOnlyList<Node> waiting) =>
        new(change.StartedAt, change.EndedAt is null ? change.EndsAt : null, [.. waiting.Select(n => n.Id)]);
}
