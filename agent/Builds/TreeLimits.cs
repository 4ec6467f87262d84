using System.IO.Enumeration;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Builds;

/// <summary>Adds up what <c>git ls-tree -r -l</c> prints, line by line: <c>mode type object size TAB path</c>.</summary>
internal sealed class TreeSize : IOutputSink
{
    public long Bytes { get; private set; }

    public int Files { get; private set; }

    public string Write(string line)
    {
        var fields = line.Split('\t')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is [_, "blob", _, var size] && long.TryParse(size, out var bytes))
        {
            Bytes += bytes;
            Files++;
        }

        return "";
    }
}

/// <summary>Holds a commit to bounds before it is checked out, and to its own folder after: the tree is the work of others, the agent is root.</summary>
internal static class TreeLimits
{
    public const int MaxFiles = 500_000;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    public static Failure? Refuse(TreeSize size, long maxBytes) =>
        size.Bytes > maxBytes ? Rejected($"The commit's files are {size.Bytes / 1048576} MB together; this node takes {maxBytes / 1048576} MB.", "Keep large files out of the repository, or raise build.sourceMax in /etc/vpspilot/agent.json.")
        : size.Files > MaxFiles ? Rejected($"The commit has {size.Files} files; at most {MaxFiles} are taken.", "Leave out what can be made by the build, such as installed packages.")
        : null;

    /// <summary>Refuses symbolic links that lead out of the tree. Nothing but git has written in it yet.</summary>
    public static Failure? RefuseLinks(string source)
    {
        var links = new FileSystemEnumerable<(string Path, string? Target)>(source, (ref FileSystemEntry e) => (Path.GetRelativePath(source, e.ToFullPath()), e.ToFileSystemInfo().LinkTarget), Everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry e) => e.Attributes.HasFlag(FileAttributes.ReparsePoint),
            ShouldRecursePredicate = (ref FileSystemEntry e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        var leaving = links.Where(l => l.Target is null || Leaves(l.Path, l.Target)).Select(l => l.Path).Take(10).ToList();
        return leaving.Count == 0 ? null : Rejected("The commit has symbolic links that lead out of it.", "Point them to files of the repository, or remove them.") with
        {
            Problems = [.. leaving.Select(l => new Problem(Shown(l), "leads out of the repository."))],
        };
    }

    /// <summary>
    /// Does a link at <paramref name="path"/>, relative to the top, lead out of the tree? Steps up are counted from the link's own folder, and
    /// only allowed at the start: behind another link they would count from somewhere else.
    /// </summary>
    public static bool Leaves(string path, string target)
    {
        if (Path.IsPathRooted(target))
            return true;
        var depth = path.Count(c => c == '/');
        var isStart = true;
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part != "..")
                isStart = false;
            else if (!isStart || --depth < 0)
                return true;
        }

        return false;
    }

    private static string Shown(string name) => new([.. name.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);

    private static Failure Rejected(string message, string hint) => new(Stages.Fetch, FailureKind.Rejected, message) { Hint = hint };
}
