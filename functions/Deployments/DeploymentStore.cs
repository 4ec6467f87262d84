using System.Runtime.CompilerServices;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Streams;

namespace VpsPilot.Functions.Deployments;

/// <summary>
/// Deployments, their nodes and steps. Partition <c>deployment:&lt;id&gt;</c> holds all of one deployment; partition
/// <c>deployments:&lt;project&gt;</c> its place in the project's list, newest first.
/// </summary>
internal sealed class DeploymentStore(IStateStore store, OutboxStore outbox, ChangeLog changes, Signal signal, TimeProvider time)
{
    public const string Row = "deployment";

    /// <summary>Beyond so many deployments nobody looks for the last that came to something: a storm of pushes leaves thousands that gave way.</summary>
    public const int Lookback = 5_000;
    private const int LookbackPage = 50;

    public async Task<Deployment?> GetAsync(string id, CancellationToken ct) =>
        DeploymentIds.IsValid(id) ? (await store.GetAsync(Partition(id), Row, DeploymentsJson.Default.Deployment, ct))?.Value : null;

    /// <summary>Stores a new deployment. False when there is one of that id, which is left as it is.</summary>
    public async Task<bool> InsertAsync(Deployment deployment, CancellationToken ct)
    {
        if (await store.InsertAsync(Partition(deployment.Id), Row, deployment, DeploymentsJson.Default.Deployment, ct) is null)
        {
            return false;
        }

        // Pushes come in storms, and most of them never begin; they are told of when they do.
        if (deployment.Trigger != DeploymentTrigger.Webhook)
        {
            await changes.AppendAsync(Change.Of(deployment, time.GetUtcNow()), ct);
        }

        return true;
    }

    /// <summary>Puts a deployment into its project's list; may be repeated.</summary>
    public Task ListInProjectAsync(Deployment deployment, CancellationToken ct) =>
        store.InsertAsync("deployments:" + deployment.ProjectId, $"{StateKeys.NewestFirst(deployment.CreatedAt)}-{deployment.Id}", new DeploymentReference(deployment.Id), DeploymentsJson.Default.DeploymentReference, ct);

    /// <summary>A project's deployments, newest first.</summary>
    public async Task<Page<Deployment>> ListAsync(string projectId, Paging paging, CancellationToken ct)
    {
        var page = await store.ListAsync("deployments:" + projectId, "", paging.Limit, paging.Continuation, DeploymentsJson.Default.DeploymentReference, ct);
        var items = new List<Deployment>();
        foreach (var reference in page.Items)
        {
            if (await GetAsync(reference.Value.Id, ct) is { } deployment)
            {
                items.Add(deployment);
            }
        }

        return new(items, Paging.Cursor(page.Continuation));
    }

    /// <summary>A project's deployments, newest first, for as long as the caller goes on; not more than <see cref="Lookback"/>.</summary>
    public async IAsyncEnumerable<Deployment> NewestAsync(string projectId, [EnumeratorCancellation] CancellationToken ct)
    {
        string? continuation = null;
        for (var seen = 0; seen < Lookback; seen += LookbackPage)
        {
            var page = await store.ListAsync("deployments:" + projectId, "", LookbackPage, continuation, DeploymentsJson.Default.DeploymentReference, ct);
            foreach (var reference in page.Items)
            {
                if (await GetAsync(reference.Value.Id, ct) is { } deployment)
                {
                    yield return deployment;
                }
            }

            continuation = page.Continuation;
            if (continuation is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Changes a deployment; <paramref name="change"/> returns null to leave it. What is stored afterwards.</summary>
    /// <exception cref="InvalidOperationException">There is no such deployment.</exception>
    public async Task<Deployment> UpdateAsync(string id, Func<Deployment, Deployment?> change, CancellationToken ct)
    {
        while (true)
        {
            var current = await store.GetAsync(Partition(id), Row, DeploymentsJson.Default.Deployment, ct) ?? throw new InvalidOperationException($"There is no deployment {id}.");
            if (change(current.Value) is not { } changed)
            {
                return current.Value;
            }

            // What has to be told is written down first, so that no stop between the two keeps it back.
            var isNews = changed.Status != current.Value.Status;
            if (isNews && changed.StartedAt is not null && (changed.Status == DeploymentStatus.Building || changed.Status.IsFinal()))
            {
                await outbox.AnnounceAsync(changed, ct);
            }

            if (await store.ReplaceAsync(Partition(id), Row, changed, current.ETag, DeploymentsJson.Default.Deployment, ct) is not null)
            {
                await TellAsync(changed, isNews, ct);
                return changed;
            }
        }
    }

    /// <summary>
    /// Asks a deployment to stop. True when it is going to stop, for this wish or an earlier one.
    /// </summary>
    public async Task<bool> RequestStopAsync(string id, StopRequest stop, CancellationToken ct)
    {
        var deployment = await UpdateAsync(id, d => d.Stop is null && d.Status.MayStop(stop.Kind) ? d with { Stop = stop } : null, ct);
        return deployment.Stop is not null && !deployment.Status.IsFinal();
    }

    /// <summary>Approves the canary. True when it is approved, by this call or an earlier one, and the deployment has not ended.</summary>
    public async Task<bool> ApproveAsync(string id, string by, CancellationToken ct)
    {
        var deployment = await UpdateAsync(
            id, d => d.Canary is { State: CanaryState.WaitingForApproval, ApprovedBy: null } && d.Stop is null && !d.Status.IsFinal() ? d with { Canary = d.Canary with { ApprovedBy = by } } : null, ct);
        return deployment.Canary?.ApprovedBy is not null && !deployment.Status.IsFinal();
    }

    /// <summary>Ends a deployment that never began, since a newer one came; as canceled when somebody had canceled it.</summary>
    public Task SupersedeQueuedAsync(string id, string newer, DateTimeOffset now, CancellationToken ct) =>
        UpdateAsync(id, d => d.Status != DeploymentStatus.Queued || d.StartedAt is not null ? null
            : d.Stop is { } stop ? d.End(Endings.Stopped(id, stop), now)
            : d.End(Endings.Stopped(id, new StopRequest(StopKind.Superseded, newer)), now) with { Stop = new StopRequest(StopKind.Superseded, newer) }, ct);

    public async Task<IReadOnlyList<DeploymentNode>> NodesAsync(string id, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(id), "node:", DeploymentsJson.Default.DeploymentNode, ct)).Select(n => n.Value)];

    public async Task<DeploymentNode?> NodeAsync(string id, string nodeId, CancellationToken ct) =>
        (await store.GetAsync(Partition(id), "node:" + nodeId, DeploymentsJson.Default.DeploymentNode, ct))?.Value;

    public async Task<DeploymentNode?> UpdateNodeAsync(string id, string nodeId, Func<DeploymentNode?, DeploymentNode?> change, CancellationToken ct)
    {
        var node = await store.UpdateAsync(Partition(id), "node:" + nodeId, change, DeploymentsJson.Default.DeploymentNode, ct);
        signal.Pulse();
        return node;
    }

    /// <summary>Every stage of every node, in the order in which they started.</summary>
    public async Task<IReadOnlyList<DeploymentStep>> StepsAsync(string id, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(id), "step:", DeploymentsJson.Default.DeploymentStep, ct)).Select(s => s.Value).OrderBy(s => s.StartedAt)];

    /// <summary>Adds a report on a stage. Reports may come twice and in any order: an ended stage never runs again for a late report.</summary>
    /// <param name="id">The deployment.</param>
    /// <param name="nodeId">The node.</param>
    /// <param name="command">Kind of the command that the stage belongs to.</param>
    /// <param name="at">When it happened on the node.</param>
    /// <param name="progress">The report.</param>
    /// <param name="ct">Cancels the write.</param>
    public async Task RecordStepAsync(string id, string nodeId, string command, DateTimeOffset at, StageProgress progress, CancellationToken ct)
    {
        await store.UpdateAsync(Partition(id), $"step:{nodeId}:{command}:{progress.Stage}", current => Merge(current, nodeId, at, progress), DeploymentsJson.Default.DeploymentStep, ct);
        signal.Pulse();
    }

    /// <summary>Wakes the streams, and keeps the change for those that come later. One that was superseded before it began is no news.</summary>
    private async Task TellAsync(Deployment deployment, bool isNews, CancellationToken ct)
    {
        if (isNews && (deployment.StartedAt is not null || deployment.Status != DeploymentStatus.Superseded))
        {
            await changes.AppendAsync(Change.Of(deployment, time.GetUtcNow()), ct);
        }
        else
        {
            signal.Pulse();
        }
    }

    private static DeploymentStep? Merge(DeploymentStep? current, string nodeId, DateTimeOffset at, StageProgress progress)
    {
        if (progress.State == StageState.Started)
        {
            return current is null
                ? new DeploymentStep { NodeId = nodeId, Stage = progress.Stage, State = StageState.Started, StartedAt = at, Detail = progress.Detail }
                : null;
        }

        var startedAt = progress.DurationMilliseconds is { } duration ? at.AddMilliseconds(-duration) : current?.StartedAt ?? at;
        var ended = new DeploymentStep
        {
            NodeId = nodeId,
            Stage = progress.Stage,
            State = progress.State,
            StartedAt = startedAt,
            DurationMilliseconds = progress.DurationMilliseconds,
            Detail = progress.Detail,
        };
        return ended == current ? null : ended;
    }

    private static string Partition(string id) => "deployment:" + id;
}
