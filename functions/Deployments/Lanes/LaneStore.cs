using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Lanes;

/// <summary>
/// One lane a project: no two deployments of a project build or activate together, and the newest wins. What decides between "stop" and
/// "activate" is the deployment's own row, so a deployment that has begun to activate always finishes.
/// </summary>
internal sealed class LaneStore(IStateStore store, DeploymentStore deployments)
{
    private const string Partition = "lane";

    public async Task<Lane> GetAsync(string projectId, CancellationToken ct) =>
        (await store.GetAsync(Partition, projectId, DeploymentsJson.Default.Lane, ct))?.Value ?? new Lane();

    /// <summary>Asks for the lane. May be repeated, and has to be when the answer was neither "stop" nor "your turn".</summary>
    /// <param name="deployment">Who asks.</param>
    /// <param name="isGone">Whether a deployment's orchestration is no more, although it never left the lane.</param>
    /// <param name="ct">Cancels the request.</param>
    public async Task<LaneAnswer> EnterAsync(Deployment deployment, Func<string, Task<bool>> isGone, CancellationToken ct)
    {
        if (deployment.Stop is not null)
        {
            return new(deployment.Stop, IsTurn: false, []);
        }

        var me = new Waiting(deployment.Id, deployment.CreatedAt, deployment.Trigger == DeploymentTrigger.Rollback);
        var before = await GetAsync(deployment.ProjectId, ct);
        var gone = before.Active is { } active && active != me.Id && await isGone(active) ? active : null;
        var lane = (await store.UpdateAsync(Partition, deployment.ProjectId, current => Enter(current ?? new Lane(), me, gone), DeploymentsJson.Default.Lane, ct))!;
        if (!me.IsRollback && lane.Newest!.ArrivedAt > me.ArrivedAt)
        {
            await deployments.RequestStopAsync(me.Id, new(StopKind.Superseded, lane.Newest.Id), ct);
            return new((await deployments.GetAsync(me.Id, ct))!.Stop, IsTurn: false, []);
        }

        return lane.Active == me.Id
            ? new(null, IsTurn: true, [])
            : new(null, IsTurn: false, await StopOthersAsync(lane, me, ct));
    }

    /// <summary>Leaves the lane or its queue. The deployment that has the lane now, or null when it is free; may be repeated.</summary>
    public async Task<string?> LeaveAsync(string projectId, string id, CancellationToken ct)
    {
        var lane = await store.UpdateAsync(Partition, projectId, current => current is null ? null : Leave(current, id), DeploymentsJson.Default.Lane, ct);
        return lane?.Active;
    }

    private static Lane Enter(Lane lane, Waiting me, string? gone)
    {
        lane = lane.Active is null || lane.Active == gone ? Leave(lane, lane.Active ?? "") : lane;
        var newest = me.IsRollback || lane.Newest?.ArrivedAt >= me.ArrivedAt ? lane.Newest : me;
        lane = lane with { Newest = newest };
        if (lane.Active == me.Id)
        {
            return lane.Without(me.Id);
        }

        return lane.Active is null
            ? lane.Without(me.Id) with { Active = me.Id }
            : lane.Without(me.Id) with { Waiting = [.. lane.Without(me.Id).Waiting, me] };
    }

    private static Lane Leave(Lane lane, string id)
    {
        lane = lane.Without(id);
        if (lane.Active is not null && lane.Active != id)
        {
            return lane;
        }

        var next = lane.Next;
        return next is null ? lane with { Active = null } : lane.Without(next.Id) with { Active = next.Id };
    }

    /// <summary>Those who give way to the newest deployment, or to a rollback: what waits (not for a rollback), and an active one that has not begun to activate.</summary>
    private async Task<IReadOnlyList<string>> StopOthersAsync(Lane lane, Waiting me, CancellationToken ct)
    {
        var others = lane.Waiting.Where(w => !w.IsRollback && !me.IsRollback && w.Id != me.Id).Select(w => w.Id).ToList();
        if (lane.Active is { } active && (await deployments.GetAsync(active, ct))?.Trigger != DeploymentTrigger.Rollback)
        {
            others.Add(active);
        }

        var stopped = new List<string>();
        foreach (var id in others)
        {
            if (await deployments.RequestStopAsync(id, new(StopKind.Superseded, me.Id), ct))
            {
                stopped.Add(id);
            }
        }

        return stopped;
    }
}
