using VpsPilot.Agent.Processes;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>Does systemd run, and has it failed units?</summary>
internal sealed class SystemdCheck(ProcessRunner runner) : INodeCheck
{
    private const int MostNamed = 10;

    public string Name => "systemd";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        // Exit code 1 for any state but "running"; the state itself is on standard output (systemctl(1)).
        var state = await runner.RunAsync(new("systemctl", SystemdCommands.IsSystemRunning) { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken);
        if (state.End != ProcessEnd.Exited || state.Answer.Length == 0 || state.Answer == "offline")
            return [new(Name, FindingState.Error, $"systemd does not answer: {state.LastErrorLine}", "Restart the machine; the agent needs systemd as its init.")];
        if (state.Answer != "degraded")
            return [new(Name, state.Answer == "running" ? FindingState.Ok : FindingState.Warning, $"systemd is {state.Answer}.", state.Answer == "running" ? null : "Wait until the machine has started: systemctl list-jobs.")];
        var listed = await runner.RunAsync(new("systemctl", SystemdCommands.ListFailed), cancellationToken);
        var failed = listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ToList();
        return [new(Name, FindingState.Warning, $"Failed units: {string.Join(", ", failed.Take(MostNamed))}{(failed.Count > MostNamed ? $" and {failed.Count - MostNamed} more" : "")}.", "systemctl status UNIT says why; systemctl reset-failed UNIT when it is not needed.")];
    }
}
