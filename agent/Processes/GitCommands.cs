namespace VpsPilot.Agent.Processes;

/// <summary>Argument lists of git.</summary>
internal static class GitCommands
{
    /// <summary>The one ref of a mirror: the branch as it was at the last fetch.</summary>
    public const string Head = "refs/vpspilot/head";

    private const string Tags = "refs/tags/";

    public static IReadOnlyList<string> InitializeMirror(string mirror) => ["init", "--quiet", "--bare", mirror];

    /// <summary>Brings one branch, or one tag by its full name, whatever happened to it there.</summary>
    public static IReadOnlyList<string> Fetch(string mirror, string repository, string branch) =>
        [.. In(mirror), "fetch", "--quiet", "--no-tags", "--force", "--", repository, $"+{(branch.StartsWith(Tags, StringComparison.Ordinal) ? branch : "refs/heads/" + branch)}:{Head}"];

    public static IReadOnlyList<string> ResolveHead(string mirror) => [.. In(mirror), "rev-parse", "--verify", "--quiet", $"{Head}^{{commit}}"];

    /// <summary>Exit code 0: the commit is on the branch; 1: it is not; more: there is no such commit.</summary>
    public static IReadOnlyList<string> IsOnBranch(string mirror, string commit) => [.. In(mirror), "merge-base", "--is-ancestor", commit, Head];

    public static IReadOnlyList<string> Subject(string mirror, string commit) => [.. In(mirror), "log", "--max-count=1", "--format=%s", commit, "--"];

    /// <summary>Prints every file with its size; odd names are quoted.</summary>
    public static IReadOnlyList<string> ListTree(string mirror, string commit) => [.. In(mirror), "ls-tree", "-r", "-l", "--full-tree", commit];

    public static IReadOnlyList<string> AddWorktree(string mirror, string directory, string commit) =>
        [.. In(mirror), "worktree", "add", "--quiet", "--force", "--detach", directory, commit];

    public static IReadOnlyList<string> UpdateSubmodules(string directory, string repository) =>
        // Relative URLs of submodules count from where the repository came from.
        ["-C", directory, "-c", $"remote.origin.url={repository}", "submodule", "--quiet", "update", "--init", "--recursive", "--depth=1"];

    private static string[] In(string mirror) => ["--git-dir", mirror];
}
