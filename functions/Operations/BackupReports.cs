using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Operations;

/// <summary>The archives of a project that a node has, as it last said.</summary>
internal sealed record NodeBackups
{
    public required string NodeId { get; init; }

    /// <summary>When the node said so; an older report never replaces a newer one.</summary>
    public required DateTimeOffset ReportedAt { get; init; }

    public required IReadOnlyList<BackupArchive> Archives { get; init; }
}

/// <summary>Keeps what nodes say of their archives. Partition <c>backup:&lt;project&gt;</c>, one row a node.</summary>
internal sealed class BackupReports(IStateStore store, ProjectStore projects, TimeProvider time)
{
    private const int Most = 200;

    public async Task RecordAsync(EventEnvelope envelope, CommandResult result, CancellationToken ct)
    {
        // A node speaks for the projects that it has, and no others.
        if (result.Backups is not { } archives || envelope.ProjectId is not { } project || await projects.GetAsync(project, ct) is not { } known || !known.Nodes.Contains(envelope.NodeId, StringComparer.Ordinal))
        {
            return;
        }

        // A clock that is ahead must not keep out what the node says when it is right again.
        var now = time.GetUtcNow();
        var at = envelope.OccurredAt < now ? envelope.OccurredAt : now;
        await store.UpdateAsync(Partition(project), envelope.NodeId, current => current is not null && current.ReportedAt >= at && current.ReportedAt <= now ? null : new NodeBackups
        {
            NodeId = envelope.NodeId,
            ReportedAt = at,
            Archives = [.. archives.OfType<BackupArchive>().Take(Most).Select(a => a.Bounded())],
        }, OperationsJson.Default.NodeBackups, ct);
    }

    public async Task<IReadOnlyList<NodeBackups>> ListAsync(string project, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(project), "", OperationsJson.Default.NodeBackups, ct)).Select(b => b.Value)];

    private static string Partition(string project) => "backup:" + project;
}
