using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Builds;

/// <summary>
/// Paths that outlive releases. In the sealed tree each is a link into the project's data folder; what the commit has there is kept beside,
/// and is what the data folder starts with. What is in the data folder is never written over.
/// </summary>
internal sealed class PersistentPaths(AgentPaths paths, SystemUsers users)
{
    /// <summary>Where a tree keeps what the commit has at its persistent paths.</summary>
    private const string Seeds = ".vpspilot/persist";

    /// <summary>Puts the links into a compiled tree, before it is sealed.</summary>
    public Failure? Link(string projectId, string source, ProjectConfig config)
    {
        foreach (var path in Normal(config))
        {
            var place = Path.GetFullPath(Path.Combine(source, config.Root, path));
            if (LinkOnTheWay(source, Path.GetDirectoryName(place)!) is { } link)
            {
                return new Failure(Stages.Seal, FailureKind.Rejected, $"The persistent path '{path}' leads through a link ({Path.GetRelativePath(source, link)}).")
                {
                    Hint = "Name the path itself under persist in config.vpspilot.json.",
                };
            }

            var seed = Path.Combine(source, Seeds, path);
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

    /// <summary>Makes what is not there yet in the data folder: what the release has, or else an empty folder (a path that looks like a file: its folder).</summary>
    public async Task<Failure?> PrepareAsync(string projectId, string storePath, ProjectConfig config, string step, CancellationToken cancellationToken)
    {
        var user = SystemUsers.Of(projectId);
        foreach (var path in Normal(config))
        {
            var place = Path.Combine(paths.Data(projectId), path);
            if (Path.Exists(place) || new FileInfo(place).LinkTarget is not null)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            var seed = Path.Combine(storePath, "app", Seeds, path);
            if (Directory.Exists(seed))
                Copy(seed, place);
            else if (File.Exists(seed))
                File.Copy(seed, place);
            else if (Path.GetExtension(path).Length == 0)
                Directory.CreateDirectory(place);
            var top = Path.Combine(paths.Data(projectId), path.Split('/')[0]);
            if (Path.Exists(place))
                MakeWritable(place);
            if (Path.Exists(top) && await users.OwnAsync(user, top, step, cancellationToken, recursive: true) is { } failure)
                return failure;
        }

        return null;
    }

    private static IEnumerable<string> Normal(ProjectConfig config) =>
        config.Persist.Select(p => string.Join('/', p.Split('/').Where(s => s is not ("" or ".")))).Where(p => p.Length > 0).Distinct(StringComparer.Ordinal);

    private static string? LinkOnTheWay(string source, string folder)
    {
        for (var part = folder; part.Length > source.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
                return part;
        }

        return null;
    }

    /// <summary>Links are left out: the data folder belongs to the app, and a link from the tree could lead anywhere.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        var plain = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(from, "*", plain))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from, "*", plain))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    /// <summary>Files of the store are read-only.</summary>
    private static void MakeWritable(string place)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var entry in Directory.Exists(place) ? Directory.EnumerateFileSystemEntries(place, "*", all).Prepend(place) : [place])
            File.SetUnixFileMode(entry, File.GetUnixFileMode(entry) | UnixFileMode.UserWrite);
    }
}
