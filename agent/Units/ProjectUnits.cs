using System.Text;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Units;

/// <summary>The units of projects.</summary>
internal sealed class ProjectUnits(AgentPaths paths, ProcessRunner runner)
{
    /// <summary>Writes a unit and starts it anew with it. Returns when its program runs.</summary>
    public async Task<Failure?> StartAsync(string unit, string text, string step, CancellationToken cancellationToken)
    {
        var file = paths.UnitFile(unit);
        if (!File.Exists(file) || await File.ReadAllTextAsync(file, cancellationToken) != text)
            DurableFile.Write(file, Encoding.UTF8.GetBytes(text), DurableFile.Readable);
        return await SystemctlAsync(SystemdCommands.DaemonReload, step, cancellationToken)
            ?? (IsEnabled(unit) ? null : await SystemctlAsync(SystemdCommands.Enable(unit), step, cancellationToken))
            ?? await SystemctlAsync(SystemdCommands.Restart(unit), step, cancellationToken);
    }

    /// <summary>Stops a unit and takes it away.</summary>
    public async Task<Failure?> RemoveAsync(string unit, string step, CancellationToken cancellationToken)
    {
        if (!File.Exists(paths.UnitFile(unit)))
            return null;
        if (await SystemctlAsync(SystemdCommands.Stop(unit), step, cancellationToken) is { } failure)
            return failure;
        await SystemctlAsync(SystemdCommands.Disable(unit), step, cancellationToken);
        File.Delete(paths.UnitFile(unit));
        await SystemctlAsync(SystemdCommands.ResetFailed(unit), step, cancellationToken);
        return await SystemctlAsync(SystemdCommands.DaemonReload, step, cancellationToken);
    }

    public Task<Failure?> RestartAsync(string unit, string step, CancellationToken cancellationToken) => SystemctlAsync(SystemdCommands.Restart(unit), step, cancellationToken);

    public async Task<UnitStatus?> StatusAsync(string unit, CancellationToken cancellationToken) => await StatusAsync([unit], cancellationToken) is [var status, ..] ? status : null;

    /// <summary>The status of each unit; empty when systemd does not answer.</summary>
    public async Task<IReadOnlyList<UnitStatus>> StatusAsync(IReadOnlyList<string> units, CancellationToken cancellationToken)
    {
        if (units.Count == 0)
            return [];
        var shown = await runner.RunAsync(new("systemctl", SystemdCommands.Show(UnitStatus.Properties, units)) { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken);
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

    /// <summary>Enabling asks systemd to read all units again; the link tells as much.</summary>
    private bool IsEnabled(string unit) => new FileInfo(Path.Combine(paths.UnitFile("multi-user.target.wants"), unit)).LinkTarget is not null;

    private async Task<Failure?> SystemctlAsync(IReadOnlyList<string> arguments, string step, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new("systemctl", arguments) { Timeout = TimeSpan.FromSeconds(90) }, cancellationToken);
        return result.IsSuccess ? null : result.ToFailure(step, $"systemctl {string.Join(' ', arguments)}", "On the node: journalctl -xe.");
    }
}
