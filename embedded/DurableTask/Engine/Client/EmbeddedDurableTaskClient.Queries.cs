using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.History;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Engine.Client;

/// <content>Listing and purging.</content>
internal sealed partial class EmbeddedDurableTaskClient
{
    private const string EndedStatuses = "(1, 3, 4, 5)";
    private const int PurgeBatch = 200;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        return Pageable.Create((token, size, ct) =>
        {
            ct.ThrowIfCancellationRequested();
            return Task.FromResult(PageOf(query, token ?? query.ContinuationToken, size ?? query.PageSize));
        });
    }

    public override Task<Page<string>> ListInstanceIdsAsync(IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null, DateTimeOffset? completedTimeFrom = null, DateTimeOffset? completedTimeTo = null, int pageSize = OrchestrationQuery.DefaultPageSize, string? lastInstanceKey = null, CancellationToken cancellation = default)
    {
        var statuses = StatusList(runtimeStatus) ?? EndedStatuses;
        var ids = hub.Reader.Read(c => c.Query(
            $"SELECT instance_id FROM instances WHERE completed_at IS NOT NULL AND status IN {statuses} AND completed_at >= $1 AND completed_at <= $2 AND instance_id > $3 ORDER BY instance_id LIMIT $4",
            r => r.GetString(0), TicksFrom(completedTimeFrom), TicksTo(completedTimeTo), lastInstanceKey ?? "", pageSize));
        return Task.FromResult(new Page<string>(ids, ids.Count == pageSize ? ids[^1] : null));
    }

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return Task.FromResult(hub.Reader.Read<IList<HistoryEvent>>(c => c.FindInstance(instanceId) is null
            ? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId))
            : c.Query("SELECT entry FROM history WHERE instance_id = $1 ORDER BY seq", r => RecordedHistory.ToEvent(HistoryJson.ReadEntry(r.GetString(0))), instanceId)));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? purge = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return new PurgeResult(await hub.Writer.CommitAsync(c => Purge(c, instanceId, purge?.Recursive == true)));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? purge = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Timeout is { } given && given <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), given, "PurgeInstancesFilter.Timeout must be a positive TimeSpan.");
        }

        var until = filter.Timeout is { } limit ? Now() + limit : DateTime.MaxValue;
        var count = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = hub.Reader.Read(c => c.Query(
                $"SELECT instance_id FROM instances WHERE status IN {EndedStatuses} AND status IN {StatusList(filter.Statuses) ?? EndedStatuses} AND created_at >= $1 AND created_at <= $2 LIMIT {PurgeBatch}",
                r => r.GetString(0), TicksFrom(filter.CreatedFrom), TicksTo(filter.CreatedTo)));
            if (ids.Count == 0)
            {
                return new PurgeResult(count, true);
            }

            count += await hub.Writer.CommitAsync(c => ids.Sum(id => Purge(c, id, purge?.Recursive == true)));
            if (Now() >= until)
            {
                return new PurgeResult(count, false);
            }
        }
    }

    private static int Purge(HubConnection c, string instanceId, bool recursive)
    {
        if (c.FindInstance(instanceId) is not { Ended: true })
        {
            return 0;
        }

        var count = 1;
        if (recursive)
        {
            count += c.ChildrenOf(instanceId).Sum(child => Purge(c, child, recursive: true));
        }

        c.RemoveInstance(instanceId);
        return count;
    }

    private static string? StatusList(IEnumerable<OrchestrationRuntimeStatus>? statuses) =>
        statuses?.ToArray() is { Length: > 0 } some ? $"({string.Join(", ", some.Select(s => (int)s).Distinct().Order())})" : null;

    private static long TicksFrom(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    private static long TicksTo(DateTimeOffset? time) => time?.UtcTicks ?? long.MaxValue;

    private Page<OrchestrationMetadata> PageOf(OrchestrationQuery query, string? after, int size)
    {
        var status = StatusList(query.Statuses) is { } statuses ? $"AND status IN {statuses}" : "";
        var prefix = query.InstanceIdPrefix ?? "";
        var rows = hub.Reader.Read(c => c.Query(
            $"SELECT {InstanceRow.Columns} FROM instances WHERE instance_id > $1 AND substr(instance_id, 1, length($2)) = $2 AND created_at >= $3 AND created_at <= $4 {status} ORDER BY instance_id LIMIT $5",
            InstanceRow.Read, after ?? "", prefix, TicksFrom(query.CreatedFrom), TicksTo(query.CreatedTo), size + 1));
        return new Page<OrchestrationMetadata>(
            [.. rows.Take(size).Select(r => r.ToMetadata(options.DataConverter, query.FetchInputsAndOutputs))],
            rows.Count > size ? rows[size - 1].InstanceId : null);
    }
}
