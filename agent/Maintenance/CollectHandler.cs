using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Maintenance;

/// <summary>Removes releases beyond those to keep and environments that no build used lately, then runs the Nix collector. Roots keep what serves and what can be gone back to.</summary>
internal sealed class CollectHandler(AgentPaths paths, ReleaseStore releases, ReleasePruner pruner, ProjectLocks locks, TransientUnits units, Settings.AgentSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Unused = TimeSpan.FromDays(30);

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        foreach (var project in releases.Projects())
        {
            using var held = await locks.HoldAsync(project, cancellationToken);
            var keep = releases.Current(project)?.Config.Deployment.KeepReleases ?? 5;
            await pruner.PruneAsync(project, keep, cancellationToken);
            ForgetEnvironments(project);
        }

        foreach (var (name, arguments) in new[] { ("gc", NixCommands.CollectGarbage), ("optimise", NixCommands.Optimise) })
        {
            var result = await units.RunAsync(new TransientCommand($"vpspilot-collect-{name}", [Programs.Find("nix"), .. arguments])
            {
                WorkingDirectory = "/",
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/root" },
                Timeout = TimeSpan.FromHours(1),
                Output = context.Output,
                Properties = TransientUnits.Limits(settings.Build),
            }, cancellationToken);
            if (!result.IsSuccess)
                return new() { Outcome = CommandOutcome.Failed, Failure = result.ToFailure(Stages.Prune, $"nix store {name}") };
        }

        return new() { Outcome = CommandOutcome.Succeeded };
    }

    private void ForgetEnvironments(string project)
    {
        if (!Directory.Exists(paths.Environments(project)))
            return;
        foreach (var folder in Directory.EnumerateDirectories(paths.Environments(project)).Where(f => time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(f) > Unused))
            Directory.Delete(folder, recursive: true);
    }
}
