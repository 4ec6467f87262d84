using VpsPilot.Agent.Activation;
using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Operations;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Commands;

/// <summary>
/// Which handler does which command, and what waits for what: one build (or collection, or update of the agent) at a time on the node, one change
/// at a time in a project. What only looks, and what a person runs, waits for nothing.
/// </summary>
internal sealed class CommandHandlers(
    BuildHandler build, ActivateHandler activate, RollBackHandler rollBack, CanarySplit canary, RestartHandler restart, RemoveHandler remove, CollectHandler collect, OperationHandlers operations, KeyRenewer keys, NodeMover mover, EventsKeyTaker eventsKey,
    TransientUnits units, ProjectLocks locks) : IDisposable
{
    private static readonly string[] TransientPatterns = ["vpspilot-build-*.service", "vpspilot-release-*.service", "vpspilot-seed-*.service", "vpspilot-health-*.service", "vpspilot-collect-*.service", RunHandler.Units];

    private readonly SemaphoreSlim buildGate = new(1, 1);
    private readonly SemaphoreSlim credentialGate = new(1, 1);

    /// <summary>Stops what an agent that was killed has left running.</summary>
    public Task CleanAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(TransientPatterns.Select(units.StopAsync)).WaitAsync(cancellationToken);

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        // An update that a new agent goes on with has to report in time, whatever builds there are.
        if (context.Command.Body is BuildCommand or CollectCommand || (context.Command.Body is UpdateAgentCommand or RotateKeysCommand or MoveCommand && !context.IsRecovered))
        {
            await buildGate.WaitAsync(cancellationToken);
            try
            {
                return context.Command.Body switch
                {
                    BuildCommand command => await build.RunAsync(context, command, cancellationToken),
                    CollectCommand => await collect.RunAsync(context, cancellationToken),
                    RotateKeysCommand or MoveCommand => await ChangeCredentialsAsync(context, cancellationToken),
                    _ => await operations.RunAsync(context, cancellationToken),
                };
            }
            finally
            {
                buildGate.Release();
            }
        }

        if (context.Command.Body is InspectCommand or StatusCommand or LogsCommand or RunCommand or DoctorCommand or UpdateAgentCommand)
            return await operations.RunAsync(context, cancellationToken);

        if (context.Command.Body is RotateKeysCommand or MoveCommand or UseEventsKeyCommand)
            return await ChangeCredentialsAsync(context, cancellationToken);

        using var held = await locks.HoldAsync(context.ProjectId, cancellationToken);
        return context.Command.Body switch
        {
            ActivateCommand command => await activate.RunAsync(context, command, cancellationToken),
            RollBackCommand command => await rollBack.RunAsync(context, command, cancellationToken),
            ConfirmCanaryCommand command => await canary.ConfirmAsync(context, command, cancellationToken),
            RestartCommand command => await restart.RunAsync(context, command, cancellationToken),
            StopCommand => await operations.RunAsync(context, cancellationToken),
            RemoveCommand => await remove.RunAsync(context, cancellationToken),
            var other => throw new InvalidOperationException($"No handler for {other.GetType().Name}."),
        };
    }

    public void Dispose()
    {
        buildGate.Dispose();
        credentialGate.Dispose();
    }

    /// <summary>One at a time: each writes the whole identity anew.</summary>
    private async Task<CommandResult> ChangeCredentialsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await credentialGate.WaitAsync(cancellationToken);
        try
        {
            return context.Command.Body switch
            {
                MoveCommand command => await mover.RunAsync(context, command, cancellationToken),
                UseEventsKeyCommand command => await eventsKey.RunAsync(context, command),
                _ => await keys.RunAsync(context, cancellationToken),
            };
        }
        finally
        {
            credentialGate.Release();
        }
    }
}
