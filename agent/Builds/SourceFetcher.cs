using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Builds;

/// <summary>The commit whose files are in the workspace.</summary>
/// <param name="Commit">Full commit id.</param>
/// <param name="Subject">First line of its message; null when it could not be read.</param>
internal sealed record FetchedSource(string Commit, string? Subject);

/// <summary>Brings a commit: into a bare mirror that is kept, and from there into a work tree.</summary>
internal sealed class SourceFetcher(AgentPaths paths, AgentSettings settings, ProcessRunner runner)
{
    /// <summary>A submodule is named by the repository: it may not be a path on this node, nor a program.</summary>
    private const string Remote = "https:http:ssh:git";

    private const string Fetchable = Remote + ":file";

    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(10);

    public async Task<Result<FetchedSource>> FetchAsync(string projectId, BuildCommand command, BuildWorkspace workspace, IOutputSink output, CancellationToken cancellationToken)
    {
        var mirror = paths.Mirror(projectId);
        if (!File.Exists(Path.Combine(mirror, "HEAD")))
        {
            var made = await GitAsync(GitCommands.InitializeMirror(mirror), output, cancellationToken);
            if (!made.IsSuccess)
                return made.ToFailure(Stages.Fetch, "git init");
            File.SetUnixFileMode(mirror, BuildWorkspace.Private);
        }

        RemoveTraces(mirror);

        var fetched = await GitAsync(GitCommands.Fetch(mirror, command.Repository, command.Branch), output, cancellationToken);
        if (!fetched.IsSuccess)
            return GitFailures.OfFetch(fetched, command.Repository, command.Branch);

        var head = await GitAsync(GitCommands.ResolveHead(mirror), output, cancellationToken);
        if (!head.IsSuccess)
            return head.ToFailure(Stages.Fetch, "git rev-parse");
        var commit = command.Commit ?? head.Answer;
        if (commit != head.Answer)
        {
            var contained = await GitAsync(GitCommands.IsOnBranch(mirror, commit), null, cancellationToken);
            if (!contained.IsSuccess)
                return GitFailures.OfMissingCommit(contained, commit, command.Branch, head.Answer);
        }

        var size = new TreeSize();
        var listed = await GitAsync(GitCommands.ListTree(mirror, commit), size, cancellationToken, showOutput: true);
        if (!listed.IsSuccess)
            return listed.ToFailure(Stages.Fetch, "git ls-tree");
        if (TreeLimits.Refuse(size, settings.Build.SourceMax) is { } tooLarge)
            return tooLarge;

        var added = await GitAsync(GitCommands.AddWorktree(mirror, workspace.Source, commit), output, cancellationToken);
        if (!added.IsSuccess)
            return added.ToFailure(Stages.Fetch, "git worktree add", "Is the disk full, or is the mirror damaged? The project's folder under cache/ may be removed at any time.");
        if (File.Exists(Path.Combine(workspace.Source, ".gitmodules")))
        {
            var submodules = await GitAsync(GitCommands.UpdateSubmodules(workspace.Source, command.Repository), output, cancellationToken, protocols: Remote);
            if (!submodules.IsSuccess)
                return submodules.ToFailure(Stages.Fetch, "git submodule update", "The node needs read access to the submodules too.");
        }

        if (TreeLimits.RefuseLinks(workspace.Source) is { } leaving)
            return leaving;
        var subject = await GitAsync(GitCommands.Subject(mirror, commit), null, cancellationToken);
        return new FetchedSource(commit, subject.IsSuccess ? subject.Answer : null);
    }

    /// <summary>
    /// What a git that was killed left in the mirror: locks, and work trees of builds that are over. A torn work tree would make every later
    /// fetch fail. A project has one build at a time, so nobody else holds them.
    /// </summary>
    private static void RemoveTraces(string mirror)
    {
        var worktrees = Path.Combine(mirror, "worktrees");
        if (Directory.Exists(worktrees))
            Directory.Delete(worktrees, recursive: true);
        foreach (var stale in Directory.EnumerateFiles(mirror, "*.lock", SearchOption.AllDirectories))
            File.Delete(stale);
    }

    /// <summary>Takes out of the tree what git left there and the release does not need.</summary>
    public static void RemoveGitFiles(string source)
    {
        foreach (var link in Directory.EnumerateFileSystemEntries(source, ".git", new EnumerationOptions { RecurseSubdirectories = false, AttributesToSkip = FileAttributes.None }))
        {
            if (Directory.Exists(link) && new FileInfo(link).LinkTarget is null)
                Directory.Delete(link, recursive: true);
            else
                File.Delete(link);
        }
    }

    private Task<ProcessResult> GitAsync(IReadOnlyList<string> arguments, IOutputSink? output, CancellationToken cancellationToken, bool showOutput = false, string protocols = Fetchable) =>
        runner.RunAsync(new("git", arguments) { Timeout = FetchLimit, Output = output, ShowOutput = showOutput, Environment = GitEnvironment.Of(paths, protocols) }, cancellationToken);
}
