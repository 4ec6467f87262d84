using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Starts the project's units anew with its present release, with the values it had or with new ones. New ones with which it is not healthy are taken back.</summary>
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
        context.Output.Hide(secrets.Of(project, release));
        if (command.Environment is not { } box)
            return await StartAsync(project, release, cancellationToken);
        if (!sealedValues.Open(box, context.Command.CommandId, Step).Is(out var values, out var refused))
            return refused;
        context.Output.Hide(values.Values);
        var environment = Placeholders.Resolve(release.Config.Env, values, out refused);
        if (refused is not null)
            return release.Locate(refused with { Step = Step });

        // The same command keeps it once: after a crash the new values may be in place already.
        var file = releases.EnvironmentOf(project, release.ReleaseId);
        var earlier = $"{file}.{context.Command.CommandId}";
        if (File.Exists(file) && !File.Exists(earlier))
            DurableFile.Write(earlier, await File.ReadAllBytesAsync(file, cancellationToken));
        var failure = await starter.WriteEnvironmentAsync(project, release, environment, cancellationToken) ?? await StartAsync(project, release, cancellationToken);
        if (failure is not null && File.Exists(earlier))
            failure = await PutBackAsync(project, release, EnvironmentFile.Parse(await File.ReadAllTextAsync(earlier, cancellationToken)), failure, cancellationToken);
        File.Delete(earlier);
        return failure;
    }

    private async Task<Failure?> StartAsync(string project, ReleaseManifest release, CancellationToken cancellationToken)
    {
        var slot = releases.State(project)?.Slot ?? Slot.InPlace;
        if (!(await starter.StartAsync(project, release, slot, Step, cancellationToken)).Is(out var started, out var failure))
            return failure;
        return await health.WaitAsync(started.App, Step, cancellationToken)
            ?? await processes.StopAsync(project, slot, Step, cancellationToken)
            ?? await processes.StartAsync(project, release, slot, Step, cancellationToken);
    }

    /// <summary>The values were bad: the app goes on with those it had.</summary>
    private async Task<Failure> PutBackAsync(string project, ReleaseManifest release, Dictionary<string, string> environment, Failure failure, CancellationToken cancellationToken) =>
        (await starter.WriteEnvironmentAsync(project, release, environment, cancellationToken) ?? await StartAsync(project, release, cancellationToken)) is { } stuck
            ? failure with { Message = $"{failure.Message}; and with the values it had it does not start either: {stuck.Message}", Hint = stuck.Hint ?? failure.Hint }
            : failure with { Message = $"{failure.Message}; the app goes on with the values it had" };
}
