using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Starts the project's units anew with its present release, with the values it had or with new ones.</summary>
internal sealed class RestartHandler(ReleaseStore releases, ReleaseSecrets secrets, SealedValues sealedValues, ReleaseStarter starter, SlotProcesses processes, HealthWatcher health, ServingReader serving)
{
    private const string Step = "restart";

    public async Task<CommandResult> RunAsync(CommandContext context, RestartCommand command, CancellationToken cancellationToken)
    {
        var failure = releases.Current(context.ProjectId) is { } release
            ? await RestartAsync(context, command, release, cancellationToken)
            : new Failure(Step, FailureKind.Rejected, "No release of the project serves on this node.") { Hint = "Deploy it first." };
        return new()
        {
            Outcome = failure is null ? CommandOutcome.Succeeded : CommandOutcome.Failed,
            Failure = failure is null ? null : context.Output.Redact(failure),
            Serving = await serving.ReadAsync(context.ProjectId, cancellationToken),
        };
    }

    private async Task<Failure?> RestartAsync(CommandContext context, RestartCommand command, ReleaseManifest release, CancellationToken cancellationToken)
    {
        var project = context.ProjectId;
        if (command.Environment is { } box)
        {
            if (!sealedValues.Open(box, context.Command.CommandId, Step).Is(out var values, out var refused))
                return refused;
            context.Output.Hide(values.Values);
            var environment = Placeholders.Resolve(release.Config.Env, values, out refused);
            if (refused is not null)
                return refused with { Step = Step };
            if (await starter.WriteEnvironmentAsync(project, release, environment, cancellationToken) is { } unwritten)
                return unwritten;
        }
        else
        {
            context.Output.Hide(secrets.Of(project, release));
        }

        var slot = releases.State(project)?.Slot ?? Slot.InPlace;
        if (!(await starter.StartAsync(project, release, slot, Step, cancellationToken)).Is(out var started, out var failure))
            return failure;
        return await health.WaitAsync(started.App, Step, cancellationToken)
            ?? await processes.StopAsync(project, slot, Step, cancellationToken)
            ?? await processes.StartAsync(project, release, slot, Step, cancellationToken);
    }
}
