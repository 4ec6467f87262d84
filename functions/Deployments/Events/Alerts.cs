using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>Something a person must know, as stored and as the API shows it.</summary>
internal sealed record AlertRow
{
    /// <summary>Id of the event that brought it.</summary>
    public required string Id { get; init; }

    public required string NodeId { get; init; }

    public string? ProjectId { get; init; }

    public string? DeploymentId { get; init; }

    public required string Code { get; init; }

    public required string Message { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>The alerts, newest first.</summary>
internal sealed class AlertStore(IStateStore store, OutboxStore outbox, ChangeLog changes, TimeProvider time)
{
    private const string Partition = "alert";

    public async Task RecordAsync(AlertRow row, CancellationToken ct)
    {
        // The event's id is the sender's text; hashed, it can be part of any key, and the same event has the same key.
        var hash = Access.Tokens.Hash(row.NodeId + "\n" + row.Id)[..32];
        await outbox.AnnounceAsync(NoticeOf(row, "alert-" + hash), ct);
        if (await store.InsertAsync(Partition, $"{StateKeys.NewestFirst(row.At)}-{hash}", row, DeploymentsJson.Default.AlertRow, ct) is not null)
        {
            await changes.AppendAsync(new Change { Kind = ChangeKind.Alert, ProjectId = row.ProjectId, DeploymentId = row.DeploymentId, NodeId = row.NodeId, Status = row.Code, Summary = row.Message, At = time.GetUtcNow() }, ct);
        }
    }

    private static Notice NoticeOf(AlertRow row, string id) => new()
    {
        Id = id,
        Kind = AlertCodes.IsEmergency(row.Code) ? NoticeKind.Emergency : NoticeKind.Alert,
        Title = $"{row.ProjectId ?? row.NodeId}: {row.Code}",
        Text = $"{row.Message} (node {row.NodeId})",
        ProjectId = row.ProjectId,
        DeploymentId = row.DeploymentId,
        NodeId = row.NodeId,
        At = row.At,
    };

    public async Task<Page<AlertRow>> ListAsync(Paging paging, CancellationToken ct)
    {
        var page = await store.ListAsync(Partition, "", paging.Limit, paging.Continuation, DeploymentsJson.Default.AlertRow, ct);
        return new([.. page.Items.Select(a => a.Value)], Paging.Cursor(page.Continuation));
    }
}
