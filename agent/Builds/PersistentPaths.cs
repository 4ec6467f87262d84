using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>
/// Paths that outlive releases. In the sealed tree each is a link into the project's data folder; what the commit has there is kept beside,
/// and is what the data folder starts with. What is in the data folder is never written over.
/// </summary>
internal sealed class PersistentPaths(AgentPaths paths, TransientUnits units)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Puts the links into a compiled tree, before it is sealed. The tree is the work of others, the agent is root: a path that leads through a link is refused.</summary>
    public Failure? Link(string projectId, string source, ProjectConfig config)
    {
        var persist = PersistPaths.Of(config);
        var seeds = Path.Combine(source, PersistPaths.Seeds);
        if (persist.Count > 0 && IsThere(Path.GetDirectoryName(seeds)!))
            return Refused("$.persist", "The tree has a .vpspilot of its own; the name is taken.", "Give it another name.");
        foreach (var (path, _) in persist)
        {
            var place = Path.GetFullPath(Path.Combine(source, config.Root, path));
            if (ObstacleOnTheWay(source, Path.GetDirectoryName(place)!) is { } obstacle)
                return Refused(PathOf(config, path), $"The persistent path '{path}' leads through {Path.GetRelativePath(source, obstacle)}, which is no folder.", "Name the path itself under persist in config.vpspilot.json.");

            var seed = Path.Combine(seeds, path);
            Directory.CreateDirectory(Path.GetDirectoryName(seed)!);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            if (new FileInfo(place).LinkTarget is not null)
                File.Delete(place);
            else if (Directory.Exists(place))
                Directory.Move(place, seed);
            else if (File.Exists(place))
                File.Move(place, seed);
            File.CreateSymbolicLink(place, Path.Combine(paths.Data(projectId), path));
        }

        return null;
    }

    /// <summary>
    /// Makes what is not there yet in the data folder. The release's own program does it, as the app's user: the folder belongs to that user, and root
    /// must not write where its links may lead.
    /// </summary>
    public async Task<Failure?> PrepareAsync(string projectId, string releaseId, string storePath, string step, CancellationToken cancellationToken)
    {
        var program = Path.Combine(storePath, "bin", "seed");
        if (!File.Exists(program))
            return null;
        var seeded = await units.RunAsync(new TransientCommand($"vpspilot-seed-{releaseId}", [program])
        {
            User = SystemUsers.Of(projectId),
            WorkingDirectory = "/",
            Timeout = Limit,
            Properties = [.. ReleaseCommand.Hardening, ("UMask", "0027"), ("ReadWritePaths", paths.Data(projectId))],
        }, cancellationToken);
        return seeded.IsSuccess ? null : seeded.ToFailure(step, "making the persistent paths", "Is the disk full, or does something in the project's data folder stand in the way?");
    }

    private static string? ObstacleOnTheWay(string source, string folder)
    {
        for (var part = folder; part.Length > source.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null || File.Exists(part))
                return part;
        }

        return null;
    }

    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Where the config names it.</summary>
    private static string PathOf(ProjectConfig config, string path) => $"$.persist[{config.Persist.Index().First(p => p.Item.Trim('/') == path).Index}]";

    private static Failure Refused(string at, string message, string hint) => new(Stages.Seal, FailureKind.Rejected, message)
    {
        Problems = [new Problem(at, message)],
        Hint = hint,
    };
}
