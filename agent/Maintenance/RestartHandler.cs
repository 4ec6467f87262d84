using VpsPilot.Agent.Activation;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Starts the project's unit anew with its present release.</summary>
internal sealed class RestartHandler(ReleaseStore releases, ReleaseStarter starter, HealthWatcher health, ServingReader serving)
{
    private const string Step = "restart";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var failure = releases.Current(context.ProjectId) is { } release
            ? await RestartAsync(context.ProjectId, release, cancellationToken)
            : new Failure(Step, FailureKind.Rejected, "No release of the project serves on this node.") { Hint = "Deploy it first." };
        return new()
        {
            Outcome = failure is null ? CommandOutcome.Succeeded : CommandOutcome.Failed,
            Failure = failure is null ? null : context.Output.Redact(failure),
            Serving = await serving.ReadAsync(context.ProjectId, cancellationToken),
        };
    }

    private async Task<Failure?> RestartAsync(string project, ReleaseManifest release, CancellationToken cancellationToken) =>
        (await starter.StartAsync(project, release, Step, cancellationToken)).Is(out var started, out var failure)
            ? await health.WaitAsync(started.App, Step, cancellationToken)
            : failure;
}
