using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Units;

/// <summary>The units of projects.</summary>
internal sealed class ProjectUnits(AgentPaths paths, ProcessRunner runner, TimeProvider? time = null, string systemctl = "systemctl")
{
    private const int ReloadAttempts = 3;
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(1);

    /// <summary>Writes a unit and starts it anew with it. Returns when its program runs.</summary>
    public async Task<Failure?> StartAsync(string unit, string text, string step, CancellationToken cancellationToken) =>
        await WriteAsync(unit, text, await KnownAsync(unit, text, cancellationToken) is not null, step, cancellationToken) ?? await SystemctlAsync(SystemdCommands.Restart(unit), step, cancellationToken);

    /// <summary>Writes a unit and sees that it runs with it: it is restarted only where its text changed.</summary>
    public async Task<Failure?> EnsureRunningAsync(string unit, string text, string step, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(unit, text, cancellationToken);
        if (known is { IsRunning: true } && IsEnabled(unit))
            return null;
        return await WriteAsync(unit, text, known is not null, step, cancellationToken) ?? await SystemctlAsync(known is not null ? SystemdCommands.Start(unit) : SystemdCommands.Restart(unit), step, cancellationToken);
    }

    /// <summary>Stops units, and keeps them from starting with the machine. Their files stay: the next start needs no new ones.</summary>
    public async Task<Failure?> StopAsync(IReadOnlyList<string> units, string step, CancellationToken cancellationToken)
    {
        var known = units.Where(u => File.Exists(paths.UnitFile(u))).ToList();
        foreach (var unit in known)
            File.Delete(WantedLink(unit));
        return known.Count == 0 ? null : await SystemctlAsync(SystemdCommands.Stop(known), step, cancellationToken);
    }

    /// <summary>Stops units and takes them away.</summary>
    public async Task<Failure?> RemoveAsync(IReadOnlyList<string> units, string step, CancellationToken cancellationToken)
    {
        var known = units.Where(u => File.Exists(paths.UnitFile(u))).ToList();
        if (known.Count == 0)
            return null;
        if (await StopAsync(known, step, cancellationToken) is { } failure)
            return failure;
        foreach (var unit in known)
            File.Delete(paths.UnitFile(unit));
        await SystemctlAsync(SystemdCommands.ResetFailed(known), step, cancellationToken);
        return await ReloadAsync(step, cancellationToken);
    }

    /// <summary>The units of a project that are on this machine, whether they run or not.</summary>
    public IReadOnlyList<string> Of(string projectId) =>
    [
        .. Directory.EnumerateFiles(paths.UnitFile(""), $"vpspilot-project-{projectId}*.service").Where(f => BelongsTo(f, projectId)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Refuses names of units that are another project's: nothing of it may be written over or stopped.</summary>
    /// <returns>Null when all are free or the project's own.</returns>
    public Failure? RefuseAnothers(string projectId, IEnumerable<string> units, string step)
    {
        if (units.FirstOrDefault(u => File.Exists(paths.UnitFile(u)) && !BelongsTo(paths.UnitFile(u), projectId)) is not { } taken)
            return null;
        var owner = UnitFile.ProjectIn(File.ReadLines(paths.UnitFile(taken)));
        return new Failure(step, FailureKind.Rejected, $"The unit {taken} is {(owner is null ? "not the agent's" : $"the project {owner}'s")}.")
        {
            Hint = owner is null ? "Rename or remove that unit on the node." : $"The ids {projectId} and {owner} with a process or slot behind them are one name: rename the process, or choose another id for one of the projects.",
        };
    }

    /// <summary>Whether it starts with the machine. A unit that a person had stopped does not.</summary>
    public bool IsEnabled(string unit) => new FileInfo(WantedLink(unit)).LinkTarget is not null;

    public async Task<UnitStatus?> StatusAsync(string unit, CancellationToken cancellationToken) => await StatusAsync([unit], cancellationToken) is [var status, ..] ? status : null;

    /// <summary>The status of each unit; empty when systemd does not answer.</summary>
    public async Task<IReadOnlyList<UnitStatus>> StatusAsync(IReadOnlyList<string> units, CancellationToken cancellationToken)
    {
        if (units.Count == 0)
            return [];
        var shown = await runner.RunAsync(new(systemctl, SystemdCommands.Show(UnitStatus.Properties, units)) { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken);
        return shown.IsSuccess ? [.. UnitStatus.Parse(shown.Output).Select(s => s with { ReleaseId = ReleaseOf(s.MainPid) })] : [];
    }

    /// <summary>What the process was started with (proc_pid_environ(5)); null when it is gone or has overwritten it.</summary>
    private static string? ReleaseOf(int? process)
    {
        const string Variable = "VPSPILOT_RELEASE=";
        try
        {
            return process is null ? null : File.ReadAllText($"/proc/{process}/environ").Split('\0').FirstOrDefault(v => v.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<Failure?> WriteAsync(string unit, string text, bool isKnown, string step, CancellationToken cancellationToken)
    {
        if (!Is(unit, text))
            DurableFile.Write(paths.UnitFile(unit), Encoding.UTF8.GetBytes(text), DurableFile.Readable);
        Enable(unit);
        return isKnown ? null : await ReloadAsync(step, cancellationToken);
    }

    // Enabling by systemctl would make systemd read all units again; the link says as much.
    private void Enable(string unit)
    {
        if (IsEnabled(unit))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(WantedLink(unit))!);
        DurableFile.Link(WantedLink(unit), paths.UnitFile(unit));
    }

    // The unit's status where systemd has it with this text. An agent that ended between writing the file and telling systemd leaves a file that
    // is right and a systemd that has not read it.
    private async Task<UnitStatus?> KnownAsync(string unit, string text, CancellationToken cancellationToken) =>
        Is(unit, text) && await StatusAsync(unit, cancellationToken) is { NeedsReload: false } status ? status : null;

    private bool Is(string unit, string text) => File.Exists(paths.UnitFile(unit)) && File.ReadAllText(paths.UnitFile(unit)) == text;

    private string WantedLink(string unit) => Path.Combine(paths.UnitFile("multi-user.target.wants"), unit);

    private static bool BelongsTo(string file, string projectId) => File.ReadLines(file).Contains(UnitFile.MarkOf(projectId), StringComparer.Ordinal);

    // A machine that goes down or has just come up refuses it for a moment, which says nothing about the release.
    private async Task<Failure?> ReloadAsync(string step, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var failure = await SystemctlAsync(SystemdCommands.DaemonReload, step, cancellationToken);
            if (failure is null || attempt == ReloadAttempts)
                return failure;
            await Task.Delay(ReloadPause, time ?? TimeProvider.System, cancellationToken);
        }
    }

    private async Task<Failure?> SystemctlAsync(IReadOnlyList<string> arguments, string step, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new(systemctl, arguments) { Timeout = TimeSpan.FromSeconds(90) }, cancellationToken);
        return result.IsSuccess ? null : result.ToFailure(step, $"systemctl {string.Join(' ', arguments)}", "On the node: journalctl -xe.");
    }
}
