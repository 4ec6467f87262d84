using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>The in-place strategy: one unit, restarted with the new release. An edge lets requests wait meanwhile.</summary>
internal sealed class InPlaceStrategy(ReleaseStore releases, ReleaseStarter starter, SlotProcesses processes, TrafficMover traffic, EdgeSwitch files, Edge.Edge edge, HealthWatcher health, TimeProvider time) : ISwitchStrategy
{
    public async Task<Result<StartedRelease>> StartAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, release) = (run.Project, run.Plan.To);
        if (run.IsResumed && await starter.IsRunningAsync(project, release, Slot.InPlace, cancellationToken))
            return starter.AppOf(project, release, Slot.InPlace, Stages.Start).Is(out var adopted, out var unknown) ? adopted with { IsAdopted = true } : unknown;
        return await RestartAsync(project, release, run.Intent.FromSlot, Slot.InPlace, Stages.Start, cancellationToken);
    }

    public async Task<Failure?> SwitchAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, release) = (run.Project, run.Plan.To);
        if (await processes.StartAsync(project, release, Slot.InPlace, Stages.Switch, cancellationToken) is { } unstarted)
            return unstarted;
        var now = time.GetUtcNow();
        var intent = releases.Intent(project) ?? run.Intent;
        if (intent.SwitchedAt is null)
            releases.Save(project, intent with { SwitchedAt = now });
        return await traffic.MoveAsync(project, release, StateOf(project) with { Slot = Slot.InPlace, SwitchedAt = intent.SwitchedAt ?? now, Split = null, Retiring = null }, Stages.Switch, cancellationToken);
    }

    public async Task<Failure?> BackAsync(SwitchRun run, CancellationToken cancellationToken)
    {
        var (project, slot) = (run.Project, run.Intent.FromSlot);
        if (run.Plan.From is not { } from)
        {
            if (await starter.RemoveAsync(project, Stages.RollBack, cancellationToken) is { } stuck)
                return stuck;
            if (edge.IsOn)
                files.Hold(project, false);
            return await traffic.TakeAwayAsync(project, cancellationToken);
        }

        if (!(await RestartAsync(project, from, Slot.InPlace, slot, Stages.RollBack, cancellationToken)).Is(out var started, out var failure))
            return failure;
        return await health.WaitAsync(started.App, Stages.RollBack, cancellationToken)
            ?? await processes.StartAsync(project, from, slot, Stages.RollBack, cancellationToken)
            ?? await traffic.MoveAsync(project, from, StateOf(project) with { Slot = slot, SwitchedAt = time.GetUtcNow() }, Stages.RollBack, cancellationToken);
    }

    /// <summary>Stops one slot and starts a release in the other, which may be the same.</summary>
    private async Task<Result<StartedRelease>> RestartAsync(string project, ReleaseManifest release, Slot stopped, Slot started, string step, CancellationToken cancellationToken)
    {
        if (edge.IsOn)
            files.Hold(project, started != Slot.Green);
        // The app must not run twice, nor may two have the same port.
        foreach (var slot in new[] { stopped, Slot.Blue, Slot.Green, Slot.InPlace }.Distinct().Where(s => s != started))
        {
            if (await starter.StopAsync(project, slot, step, cancellationToken) is { } stuck)
                return stuck;
        }

        return await processes.StopAsync(project, started, step, cancellationToken) is { } running ? running : await starter.StartAsync(project, release, started, step, cancellationToken);
    }

    private ProjectState StateOf(string project) => releases.State(project) ?? throw new InvalidOperationException("The project has no state.");
}
