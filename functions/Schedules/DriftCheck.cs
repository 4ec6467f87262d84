using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Schedules;

/// <summary>Keeps for each node what drifts on it, and tells of what is new.</summary>
internal sealed class DriftCheck(ProjectStore projects, DriftReader reader, OutboxStore outbox, IStateStore store, TimeProvider time)
{
    private const int PageSize = 200;

    public async Task RunAsync(CancellationToken ct)
    {
        string? continuation = null;
        do
        {
            var page = await projects.ListAsync(new Paging(PageSize, continuation), null, ct);
            foreach (var project in page.Items)
            {
                await CheckAsync(project.Value, ct);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <summary>What drifted on a node at the last check.</summary>
    public async Task<IReadOnlyList<Drift>> OnNodeAsync(string node, CancellationToken ct)
    {
        var found = new List<Drift>();
        foreach (var drift in await store.ListAllAsync(Partition(node), "", SchedulesJson.Default.Drift, ct))
        {
            if (await projects.GetAsync(drift.Key, ct) is { } project && project.Nodes.Contains(node, StringComparer.Ordinal))
            {
                found.Add(drift.Value);
            }
            else
            {
                // The project is gone, or left the node.
                await store.DeleteAsync(Partition(node), drift.Key, null, ct);
            }
        }

        return found;
    }

    private async Task CheckAsync(Project project, CancellationToken ct)
    {
        var found = await reader.ReadAsync(project, ct);
        foreach (var node in project.Nodes)
        {
            var known = (await store.GetAsync(Partition(node), project.Id, SchedulesJson.Default.Drift, ct))?.Value;
            if (found.FirstOrDefault(d => d.NodeId == node) is not { } drift)
            {
                await (known is null ? Task.CompletedTask : store.DeleteAsync(Partition(node), project.Id, null, ct));
                continue;
            }

            if (known?.WantedRelease != drift.WantedRelease || known.ServingRelease != drift.ServingRelease)
            {
                await outbox.AnnounceAsync(NoticeOf(drift), ct);
            }

            await store.UpsertAsync(Partition(node), project.Id, drift, SchedulesJson.Default.Drift, ct);
        }
    }

    private Notice NoticeOf(Drift drift) => new()
    {
        Id = $"drift-{drift.ProjectId}-{drift.NodeId}-{time.GetUtcNow().UtcTicks}",
        Kind = NoticeKind.Drift,
        Title = $"{drift.ProjectId}: {drift.NodeId} serves {(drift.ServingRelease is null ? "nothing" : "something else")}",
        Text = $"{drift.NodeId} should serve {Short(drift.WantedCommit)} and serves {(drift.ServingRelease is null ? "nothing" : Short(drift.ServingCommit!))}{(drift.Detail is { } why ? $": {why}" : "")}. Restart it, deploy again, or look at the node.",
        ProjectId = drift.ProjectId,
        NodeId = drift.NodeId,
        At = time.GetUtcNow(),
    };

    private static string Short(string commit) => commit[..Math.Min(12, commit.Length)];

    private static string Partition(string node) => "drift:" + node;
}
