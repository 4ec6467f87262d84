using System.Text;
using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Slots;

/// <summary>A release that was started.</summary>
internal sealed record StartedRelease(WatchedApp App)
{
    /// <summary>It ran already.</summary>
    public bool IsAdopted { get; init; }
}

/// <summary>Prepares a release to run, and starts it in a slot: user, environment, release commands, units.</summary>
internal sealed class ReleaseStarter(
    AgentPaths paths, AgentSettings settings, ReleaseStore releases, SystemUsers users, ProjectUnits units, TransientUnits transient, PortAllocator ports, AppLog log, PersistentPaths persistent)
{
    /// <summary>Makes the project's user and writes the release's <c>.env</c>, mode 0600, owned by that user.</summary>
    public async Task<Failure?> WriteEnvironmentAsync(string projectId, ReleaseManifest release, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var user = SystemUsers.Of(projectId);
        var data = paths.Data(projectId);
        Directory.CreateDirectory(data);
        if (await users.EnsureAsync(user, data, Stages.Secrets, cancellationToken) is { } failure)
            return failure;
        var file = releases.EnvironmentOf(projectId, release.ReleaseId);
        DurableFile.Write(file, Encoding.UTF8.GetBytes(EnvironmentFile.Render(environment.Where(v => !EnvironmentFile.IsReserved(v.Key)))));
        return await users.OwnAsync(user, file, Stages.Secrets, cancellationToken)
            ?? await users.OwnAsync(user, data, Stages.Secrets, cancellationToken)
            ?? await persistent.PrepareAsync(projectId, release.ReleaseId, release.StorePath, Stages.Secrets, cancellationToken);
    }

    /// <summary>Runs the release commands in the new closure, as the app's user.</summary>
    public async Task<Failure?> RunReleaseCommandsAsync(string projectId, ReleaseManifest release, string unit, IOutputSink output, CancellationToken cancellationToken)
    {
        foreach (var (index, command) in (release.Config.Release.Commands ?? []).Index())
        {
            output.Write($"$ {command}");
            var work = ReleaseCommand.Of($"{unit}-{index + 1}", projectId, release.Place, command, releases.EnvironmentOf(projectId, release.ReleaseId), ("HOME", paths.Data(projectId)));
            var result = await transient.RunAsync(work with
            {
                Timeout = release.Config.Release.Timeout,
                Output = output,
                Properties = [.. TransientUnits.Limits(settings.Build), .. work.Properties, ("ReadWritePaths", paths.Data(projectId))],
            }, cancellationToken);
            if (!result.IsSuccess)
                return result.ToFailure(Stages.Release, $"`{command}`", "Nothing that serves was touched. What the command changed outside, in a database for example, stays.");
        }

        return null;
    }

    /// <summary>Puts a release into a slot and starts it there anew: the process that gets the traffic, no other.</summary>
    public async Task<Result<StartedRelease>> StartAsync(string projectId, ReleaseManifest release, Slot slot, string step, CancellationToken cancellationToken)
    {
        if (!AppOf(projectId, release, slot, step).Is(out var app, out var failure))
            return failure;
        Place(projectId, release, slot);
        failure = await StartUnitAsync(projectId, release, slot, null, step, cancellationToken);
        return failure is null ? app : failure;
    }

    /// <summary>Starts one of the other processes of a release that is in a slot.</summary>
    public Task<Failure?> StartProcessAsync(string projectId, ReleaseManifest release, Slot slot, string process, string step, CancellationToken cancellationToken) =>
        StartUnitAsync(projectId, release, slot, process, step, cancellationToken);

    /// <summary>The release as the app that is asked; what it logs from now on is its own.</summary>
    public Result<StartedRelease> AppOf(string projectId, ReleaseManifest release, Slot slot, string step)
    {
        if (!(slot == Slot.InPlace ? ports.Of(projectId, step) : ports.BehindEdge(projectId, step)).Is(out var state, out var failure))
            return failure;
        var unit = UnitFile.NameOf(projectId, slot);
        if (RefuseAnothers(projectId, release, slot, step) is { } taken)
            return taken;
        return new StartedRelease(new WatchedApp(projectId, release.ReleaseId, unit, state.PortOf(slot), release.Config, log.MarkEnd(projectId, slot)) { Slot = slot, EnvironmentFile = releases.EnvironmentOf(projectId, release.ReleaseId), StorePath = release.StorePath });
    }

    /// <summary>Refuses a release one of whose units in a slot would be another project's by its name.</summary>
    public Failure? RefuseAnothers(string projectId, ReleaseManifest release, Slot slot, string step) =>
        units.RefuseAnothers(projectId, UnitFile.NamesOf(projectId, slot, release.Config.Processes.Keys), step);

    /// <summary>Stops all that runs in a slot.</summary>
    public Task<Failure?> StopAsync(string projectId, Slot slot, string step, CancellationToken cancellationToken) =>
        units.StopAsync([.. units.Of(projectId).Where(u => UnitFile.SlotOf(projectId, u) == slot)], step, cancellationToken);

    /// <summary>Stops one of the other processes in a slot.</summary>
    public Task<Failure?> StopProcessAsync(string projectId, Slot slot, string process, string step, CancellationToken cancellationToken) =>
        units.StopAsync([.. units.Of(projectId).Where(u => u == UnitFile.NameOf(projectId, slot, process))], step, cancellationToken);

    /// <summary>Stops the project, in all slots, and takes its units away.</summary>
    public Task<Failure?> RemoveAsync(string projectId, string step, CancellationToken cancellationToken) => units.RemoveAsync(units.Of(projectId), step, cancellationToken);

    /// <summary>Whether a slot's unit runs this release.</summary>
    public async Task<bool> IsRunningAsync(string projectId, ReleaseManifest release, Slot slot, CancellationToken cancellationToken) =>
        await units.StatusAsync(UnitFile.NameOf(projectId, slot), cancellationToken) is { IsRunning: true } status && status.ReleaseId == release.ReleaseId;

    /// <summary>The slot's link, and the file by which a process tells which release it was started with.</summary>
    private void Place(string projectId, ReleaseManifest release, Slot slot)
    {
        var folder = paths.Release(projectId, release.ReleaseId);
        var name = Path.Combine(folder, "unit.env");
        if (!File.Exists(name))
            DurableFile.Write(name, Encoding.UTF8.GetBytes(EnvironmentFile.Render([new("VPSPILOT_RELEASE", release.ReleaseId)])), DurableFile.Readable);
        var link = paths.SlotLink(projectId, slot.Word());
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        if (new FileInfo(link).LinkTarget != folder)
            DurableFile.Link(link, folder);
    }

    private async Task<Failure?> StartUnitAsync(string projectId, ReleaseManifest release, Slot slot, string? process, string step, CancellationToken cancellationToken)
    {
        if (!(slot == Slot.InPlace ? ports.Of(projectId, step) : ports.BehindEdge(projectId, step)).Is(out var state, out var failure))
            return failure;
        var link = paths.SlotLink(projectId, slot.Word());
        var text = UnitFile.Render(new UnitRequest
        {
            ProjectId = projectId,
            Slot = slot,
            Process = process,
            Name = release.Config.Name ?? projectId,
            User = SystemUsers.Of(projectId),
            Start = Path.Combine(link, "result", "bin", process is null ? "start" : "process-" + process),
            EnvironmentFiles = [Path.Combine(link, ".env"), Path.Combine(link, "unit.env")],
            DataDirectory = paths.Data(projectId),
            Port = state.PortOf(slot),
            LogFile = release.Config.Logs.File ? paths.AppLog(projectId, slot.Word(), process) : null,
            Resources = release.Config.Resources,
        });
        return await units.StartAsync(UnitFile.NameOf(projectId, slot, process), text, step, cancellationToken);
    }
}
