using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Events;
using VpsPilot.Agent.Updates;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations;

/// <summary>Which handler does which command of a person who looks after nodes.</summary>
internal sealed class OperationHandlers(StatusHandler status, LogsHandler logs, RunHandler run, StopHandler stop, DoctorHandler doctor, UpdateHandler update, HeartbeatService heartbeat)
{
    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken) => context.Command.Body switch
    {
        InspectCommand => InspectAsync(cancellationToken),
        StatusCommand => status.RunAsync(context, cancellationToken),
        LogsCommand command => logs.RunAsync(context, command, cancellationToken),
        RunCommand command => run.RunAsync(context, command, cancellationToken),
        StopCommand => stop.RunAsync(context, cancellationToken),
        DoctorCommand => doctor.RunAsync(cancellationToken),
        UpdateAgentCommand command => update.RunAsync(context, command, cancellationToken),
        var other => throw new InvalidOperationException($"No handler for {other.GetType().Name}."),
    };

    private async Task<CommandResult> InspectAsync(CancellationToken cancellationToken)
    {
        await heartbeat.BeatAsync(cancellationToken);
        return new() { Outcome = CommandOutcome.Succeeded };
    }
}
