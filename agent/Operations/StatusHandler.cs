using System.Globalization;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Backups;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations;

/// <summary>Says how a project stands on this node: its units, what serves, its archives.</summary>
internal sealed class StatusHandler(InstalledUnits installed, ProjectUnits units, ServingReader serving, BackupStore backups)
{
    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var found = installed.Of(context.ProjectId);
        var statuses = (await units.StatusAsync([.. found.Select(u => u.Name)], cancellationToken)).ToDictionary(s => s.Unit, StringComparer.Ordinal);
        return new()
        {
            Outcome = CommandOutcome.Succeeded,
            Units = [.. found.Select(u => Describe(u, statuses.GetValueOrDefault(u.Name)))],
            Serving = await serving.ReadAsync(context.ProjectId, cancellationToken),
            Backups = backups.Describe(context.ProjectId),
        };
    }

    private static ProjectUnit Describe(InstalledUnit unit, UnitStatus? status) => new(unit.Name, unit.Process, unit.Slot, status?.ActiveState ?? "unknown")
    {
        ReleaseId = status?.ReleaseId,
        Pid = status?.MainPid,
        Restarts = status?.Restarts ?? 0,
        MemoryBytes = status?.MainPid is { } process ? ResidentBytes(process) : null,
    };

    /// <summary>proc_pid_status(5), <c>VmRSS</c>, in kB; null when the process is gone.</summary>
    private static long? ResidentBytes(int process)
    {
        const string Name = "VmRSS:";
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
            return line is not null && long.TryParse(line.AsSpan(Name.Length).Trim().TrimEnd("kB"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
