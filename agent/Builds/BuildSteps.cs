using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Builds;

/// <summary>Runs the build and test commands of a project: as a user without rights, inside the environment, held by limits.</summary>
internal sealed class BuildSteps(TransientUnits units, AgentSettings settings, TimeProvider time)
{
    /// <summary>The commands that ran, as one line for a person.</summary>
    internal sealed record Ran(string Summary);

    public async Task<Result<Ran>> RunAsync(string stage, string unit, BuildWorkspace workspace, ProjectConfig config, IReadOnlyList<string> commands, TimeSpan timeout, BuiltEnvironment environment, IOutputSink output, CancellationToken cancellationToken)
    {
        var limit = timeout < settings.Build.Timeout ? timeout : settings.Build.Timeout;
        var started = time.GetTimestamp();
        for (var i = 0; i < commands.Count; i++)
        {
            output.Write($"$ {commands[i]}");
            var left = limit - time.GetElapsedTime(started);
            var result = await units.RunAsync(new TransientCommand($"{unit}-{stage}-{i + 1}", [Path.Combine(environment.Path, "bin", "bash"), "-euo", "pipefail", "-c", commands[i]])
            {
                User = SystemUsers.BuilderOf(workspace.ProjectId),
                WorkingDirectory = Path.GetFullPath(Path.Combine(workspace.Source, config.Root)),
                Environment = VariablesOf(workspace, environment),
                EnvironmentFile = workspace.EnvironmentFile,
                Timeout = left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1),
                Output = output,
                Properties = [.. TransientUnits.Limits(settings.Build), .. BuildConfinement.Properties(settings, workspace)],
            }, cancellationToken);
            if (!result.IsSuccess)
                return result.ToFailure(stage, $"`{Short(commands[i])}`", HintFor(result, limit));
        }

        return new Ran(string.Join("; ", commands.Select(Short)));
    }

    private static Dictionary<string, string> VariablesOf(BuildWorkspace workspace, BuiltEnvironment environment) => new(StringComparer.Ordinal)
    {
        ["PATH"] = Path.Combine(environment.Path, "bin"),
        ["HOME"] = workspace.Home,
        ["LANG"] = "C.UTF-8",
        ["CI"] = "true",
        ["SSL_CERT_FILE"] = Path.Combine(environment.Path, "etc/ssl/certs/ca-bundle.crt"),
        ["NIX_SSL_CERT_FILE"] = Path.Combine(environment.Path, "etc/ssl/certs/ca-bundle.crt"),
    };

    private static string Short(string command)
    {
        var line = command.Trim().Split('\n')[0];
        return line.Length <= 80 ? line : line[..77] + "...";
    }

    private static string? HintFor(ProcessResult result, TimeSpan limit) => result switch
    {
        { End: ProcessEnd.TimedOut } => $"The stage may take {limit.TotalSeconds:0} s; make it faster, or set a longer timeout in config.vpspilot.json (the node's own limit is build.timeout in /etc/vpspilot/agent.json).",
        { ExitCode: 127 } => "A program was not found: only the runtime's own programs are there; add what is missing to nix.packages.",
        { ExitCode: 137 } => "It was killed, which is what happens when memory runs out; raise build.memoryMax in /etc/vpspilot/agent.json, or build with less.",
        _ => null,
    };
}
