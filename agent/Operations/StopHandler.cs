using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations;

/// <summary>Stops a project's units, and keeps them from starting with the machine. A restart, a deployment or a rollback starts them again.</summary>
internal sealed class StopHandler(InstalledUnits installed, ServingReader serving, ProcessRunner runner)
{
    private const string Step = "stop";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var failure = await StopAsync(context.ProjectId, Step, keepOff: true, cancellationToken);
        return new() { Outcome = failure is null ? CommandOutcome.Succeeded : CommandOutcome.Failed, Failure = failure, Serving = await serving.ReadAsync(context.ProjectId, cancellationToken) };
    }

    /// <summary>Stops every unit of a project; units that do not run are no fault.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="step">For the failure.</param>
    /// <param name="keepOff">Also not start them with the machine.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Failure?> StopAsync(string projectId, string step, bool keepOff, CancellationToken cancellationToken)
    {
        var units = installed.Of(projectId).Select(u => u.Name).ToList();
        if (units.Count == 0)
            return null;
        foreach (var arguments in keepOff ? [SystemdCommands.Stop(units), SystemdCommands.Disable(units)] : new[] { SystemdCommands.Stop(units) })
        {
            var result = await runner.RunAsync(new("systemctl", arguments) { Timeout = TimeSpan.FromSeconds(90) }, cancellationToken);
            if (!result.IsSuccess)
                return result.ToFailure(step, $"systemctl {arguments[0]}", "On the node: journalctl -xe.");
        }

        return null;
    }
}
