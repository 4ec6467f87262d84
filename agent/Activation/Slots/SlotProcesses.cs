using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Slots;

/// <summary>The processes of a release beside the one that gets the traffic: workers, schedulers.</summary>
internal sealed class SlotProcesses(ReleaseStarter starter, ProjectUnits units, HealthWatcher health)
{
    /// <summary>Starts those of a release that do not run yet, and sees that they keep running for a moment.</summary>
    public async Task<Failure?> StartAsync(string project, ReleaseManifest release, Slot slot, string step, CancellationToken cancellationToken, Slot? replaced = null)
    {
        var wanted = release.Config.Processes;
        if (wanted.Count == 0)
            return null;
        if (!starter.AppOf(project, release, slot, step).Is(out var app, out var failure))
            return failure;
        var running = (await units.StatusAsync([.. wanted.Keys.Select(p => UnitFile.NameOf(project, slot, p))], cancellationToken))
            .Where(s => s.IsRunning && s.ReleaseId == release.ReleaseId).Select(s => s.Unit).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, process) in wanted.Where(p => !running.Contains(UnitFile.NameOf(project, slot, p.Key))))
        {
            if (replaced is { } old && process.StopOld == StopOld.Before)
                failure = await starter.StopProcessAsync(project, old, name, step, cancellationToken);
            failure ??= await starter.StartProcessAsync(project, release, slot, name, step, cancellationToken);
            if (failure is not null)
                return failure;
        }

        return await health.SettleAsync(app.App, [.. wanted.Keys], step, cancellationToken);
    }

    /// <summary>Stops all of them in a slot.</summary>
    public Task<Failure?> StopAsync(string project, Slot slot, string step, CancellationToken cancellationToken) =>
        units.StopAsync([.. units.Of(project).Where(u => u != UnitFile.NameOf(project, slot) && UnitFile.SlotOf(project, u) == slot)], step, cancellationToken);
}
