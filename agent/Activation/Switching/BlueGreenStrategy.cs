using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>
/// The blue-green strategy: the new release starts beside the old one, in the other slot, and gets the traffic once it is healthy. The old one
/// goes on with the requests it has, and is kept for a while, so that going back needs no start.
/// </summary>
internal sealed class BlueGreenStrategy(
    ReleaseStore releases, ReleaseStarter starter, SlotProcesses processes, SlotDrain drain, SlotRetirement retirement, TrafficMover traffic, HealthWatcher health, TimeProvider time) : ISwitchStrategy
{
    public async Task<Result<StartedRelease>> StartAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, release, slot) = (run.Project, run.Plan.To, run.Intent.ToSlot);
        if (!starter.AppOf(project, release, slot, Stages.Start).Is(out var app, out var failure))
            return failure;
        var isKept = run.IsResumed || run.Plan.Environment is null;
        if (isKept && await starter.IsRunningAsync(project, release, slot, cancellationToken))
        {
            Unretire(project);
            return app with { IsAdopted = true };
        }

        // What still finishes requests of two releases ago.
        if (StateOf(project).Retiring is { } old)
            await drain.WaitAsync(project, old, cancellationToken);
        Unretire(project);
        foreach (var third in new[] { Slot.InPlace, Slot.Blue, Slot.Green }.Where(s => s != slot && s != run.Intent.FromSlot))
        {
            if (await starter.StopAsync(project, third, Stages.Start, cancellationToken) is { } stuck)
                return stuck;
        }

        return await starter.StartAsync(project, release, slot, Stages.Start, cancellationToken);
    }

    public async Task<Failure?> SwitchAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, release, from, to) = (run.Project, run.Plan.To, run.Plan.From is null ? (Slot?)null : run.Intent.FromSlot, run.Intent.ToSlot);
        // A worker of a release with a part of the traffic would have all of the work.
        if (run.Plan.Percent is null && await processes.StartAsync(project, release, to, Stages.Switch, cancellationToken, from) is { } unstarted)
            return unstarted;
        var intent = releases.Intent(project) ?? run.Intent;
        var now = intent.SwitchedAt ?? time.GetUtcNow();
        if (intent.SwitchedAt is null)
            releases.Save(project, intent with { SwitchedAt = now });
        if (run.Plan.Percent is { } percent)
            return await traffic.ShareAsync(project, StateOf(project) with { Split = new(to, release.ReleaseId, percent, now) }, cancellationToken);

        var state = StateOf(project) with { Slot = to, SwitchedAt = now, Split = null, Retiring = RetiredAfter(run, release.Config.Deployment, now) };
        if (await traffic.MoveAsync(project, release, state, Stages.Switch, cancellationToken) is { } unmoved)
            return unmoved;
        retirement.Wake();
        return from is { } old ? await processes.StopAsync(project, old, Stages.Switch, cancellationToken) : null;
    }

    public async Task<Failure?> BackAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, slot, given) = (run.Project, run.Intent.FromSlot, run.Intent.ToSlot);
        if (run.Plan.From is not { } from)
            return await traffic.TakeAwayAsync(project, cancellationToken) ?? await starter.RemoveAsync(project, Stages.RollBack, cancellationToken);

        Unretire(project);
        if (!await starter.IsRunningAsync(project, from, slot, cancellationToken))
        {
            if (!(await starter.StartAsync(project, from, slot, Stages.RollBack, cancellationToken)).Is(out var started, out var failure))
                return failure;
            if (await health.WaitAsync(started.App, Stages.RollBack, cancellationToken) is { } unhealthy)
                return unhealthy;
        }

        var state = StateOf(project);
        var moved = state with { Slot = slot, Split = null, Retiring = null, SwitchedAt = state.Slot == slot ? state.SwitchedAt : time.GetUtcNow() };
        if (await traffic.MoveAsync(project, from, moved, Stages.RollBack, cancellationToken) is { } unmoved)
            return unmoved;
        var stopped = await processes.StopAsync(project, given, Stages.RollBack, cancellationToken) ?? await processes.StartAsync(project, from, slot, Stages.RollBack, cancellationToken);
        return await starter.StopAsync(project, given, Stages.RollBack, cancellationToken) ?? stopped;
    }

    private static Retirement? RetiredAfter(SwitchRun run, DeploymentConfig deployment, DateTimeOffset now)
    {
        // While the new release is watched, the old one has to be there.
        var kept = run.Plan.IsWatched && deployment.Watch > deployment.Grace ? deployment.Watch : deployment.Grace;
        return run.Plan.From is { } from ? new(run.Intent.FromSlot, from.ReleaseId, now + kept, now + deployment.Drain) : null;
    }

    private void Unretire(string project)
    {
        if (StateOf(project) is { Retiring: not null } state)
            releases.Save(project, state with { Retiring = null });
    }

    private ProjectState StateOf(string project) => releases.State(project) ?? throw new InvalidOperationException("The project has no state.");
}
