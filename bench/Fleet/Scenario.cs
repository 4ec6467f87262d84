using System.Collections.Concurrent;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Bench.Fleet;

/// <summary>How the agents answer: all goes well, except for projects whose name says otherwise.</summary>
internal static class Scenario
{
    /// <summary>Projects of this name do not compile.</summary>
    public const string Broken = "broken";

    /// <summary>Projects of this name are not healthy on the last of their five nodes.</summary>
    public const string Sick = "sick";

    public static IReadOnlyList<string> StagesOf(CommandEnvelope command) => command.Body switch
    {
        BuildCommand => [Stages.Fetch, Stages.Configure, Stages.Render, Stages.Environment, Stages.Compile, Stages.Test, Stages.Seal],
        ActivateCommand => [Stages.Backup, Stages.Secrets, Stages.Release, Stages.Start, Stages.Health, Stages.Switch, Stages.Watch],
        RollBackCommand => [Stages.RollBack],
        _ => [],
    };

    /// <summary>The answer to a command, with its effect on what serves.</summary>
    public static CommandResult AnswerTo(CommandEnvelope command, ConcurrentDictionary<string, ServingRelease> serving)
    {
        var project = command.ProjectId!;
        switch (command.Body)
        {
            case BuildCommand when IsOf(command, Broken):
                return new() { Outcome = CommandOutcome.Failed, Failure = new Failure(Stages.Compile, FailureKind.Exit, "npm run build ended with exit code 1") { ExitCode = 1 } };
            case BuildCommand build:
                return new() { Outcome = CommandOutcome.Succeeded, Built = new(build.Commit!, "/nix/store/0-app", 1 << 20, new DeploymentConfig()) { Subject = "A push" } };
            case ActivateCommand when IsOf(command, Sick) && command.NodeId[^1] is '4' or '9':
                return new() { Outcome = CommandOutcome.RolledBack, Failure = new Failure(Stages.Watch, FailureKind.Unhealthy, "the app crashed"), Serving = serving.GetValueOrDefault(project) };
            case ActivateCommand activate:
                serving[project] = new(activate.ReleaseId, 2, new string('c', 40), "/nix/store/0-app", 21000) { Pid = 1, UnitState = "active" };
                break;
            case RollBackCommand { IfServing: { } expected } when serving.GetValueOrDefault(project)?.ReleaseId == expected:
                serving.TryRemove(project, out _);
                break;
            default:
                break;
        }

        return new() { Outcome = CommandOutcome.Succeeded, Serving = serving.GetValueOrDefault(project) };
    }

    private static bool IsOf(CommandEnvelope command, string name) => command.ProjectId!.StartsWith(name, StringComparison.Ordinal);
}
