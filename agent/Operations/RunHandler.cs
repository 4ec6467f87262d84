using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations;

/// <summary>
/// Runs one command of a person in the serving release's environment, as the app's user and held by the limits of builds. A command that an
/// agent's end has interrupted is not begun again: nobody knows what it had done.
/// </summary>
internal sealed class RunHandler(AgentPaths paths, AgentSettings settings, ReleaseStore releases, ReleaseSecrets secrets, TransientUnits units)
{
    private const string Step = "run";

    /// <summary>Units of this kind, as a pattern.</summary>
    public const string Units = "vpspilot-run-*.service";

    public async Task<CommandResult> RunAsync(CommandContext context, RunCommand command, CancellationToken cancellationToken)
    {
        if (context.IsRecovered)
            return Failed(new(Step, FailureKind.Lost, "The agent ended while the command ran; what it had done by then is done.") { Hint = "See its output, then run it again if that is right." });
        if (releases.Current(context.ProjectId) is not { } release)
            return Failed(new(Step, FailureKind.Rejected, "No release of the project serves on this node.") { Hint = "Deploy it first." });
        if ((command.IsNamed ? release.Config.Commands.GetValueOrDefault(command.CommandLine) : command.CommandLine) is not { } line)
            return Failed(Unknown(command.CommandLine, release));

        context.Output.Hide(secrets.Of(context.ProjectId, release));
        context.Output.Write($"$ {line}");
        var result = await units.RunAsync(InRelease(context, release, line) with { Timeout = command.Timeout, Output = context.Output }, cancellationToken);
        return new()
        {
            Outcome = result.IsSuccess ? CommandOutcome.Succeeded : CommandOutcome.Failed,
            ExitCode = result.End == ProcessEnd.Exited ? result.ExitCode : null,
            Failure = result.IsSuccess ? null : context.Output.Redact(result.ToFailure(Step, $"`{line}`")),
        };
    }

    private TransientCommand InRelease(CommandContext context, ReleaseManifest release, string line)
    {
        var (project, data) = (context.ProjectId, paths.Data(context.ProjectId));
        var work = ReleaseCommand.Of($"vpspilot-run-{context.DeploymentId}", project, release.Place, line, releases.EnvironmentOf(project, release.ReleaseId), ("HOME", data));
        return work with { Properties = [.. TransientUnits.Limits(settings.Build), .. work.Properties, ("ReadWritePaths", data)] };
    }

    private static Failure Unknown(string name, ReleaseManifest release) => new(Step, FailureKind.Rejected, $"The release has no command '{name}'.")
    {
        Hint = release.Config.Commands.Count == 0 ? "Name it under commands in config.vpspilot.json, or give a command line." : $"There are: {string.Join(", ", release.Config.Commands.Keys.Order(StringComparer.Ordinal))}.",
    };

    private static CommandResult Failed(Failure failure) => new() { Outcome = CommandOutcome.Failed, Failure = failure };
}
