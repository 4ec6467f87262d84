using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Builds;

/// <summary>Says what git could not do, in git's own words and with the next thing to do.</summary>
internal static class GitFailures
{
    private static readonly (string Sign, string Hint)[] Hints =
    [
        ("couldn't find remote ref", "Push the branch, or correct the project's branch."),
        ("Permission denied (publickey", "Give the node read access: add its ssh key to the repository as a deploy key."),
        ("Host key verification failed", "The git server's host key changed; remove the old one from /root/.ssh/known_hosts if that is right."),
        ("could not read Username", "The repository is private: give the node a deploy key and use its ssh URL."),
        ("Authentication failed", "The repository is private: give the node a deploy key and use its ssh URL."),
        ("Could not resolve host", "The node cannot resolve the git server's name; check the URL and the node's DNS."),
        ("Connection refused", "Nothing answers there; check the URL, and that the git server runs."),
        ("Failed to connect", "Nothing answers there; check the URL, and that the git server runs."),
        ("Connection timed out", "The node cannot reach the git server; check the URL and the firewall."),
        ("unable to connect", "The node cannot reach the git server; check the URL and the firewall."),
        ("does not appear to be a git repository", "Check the project's repository URL."),
        ("not found", "Check the project's repository URL, and that the node may read it."),
        ("access denied or repository not exported", "Check the project's repository URL, and that the server offers it."),
    ];

    public static Failure OfFetch(ProcessResult result, string repository, string branch)
    {
        var hint = Hints.FirstOrDefault(h => result.ErrorTail.Contains(h.Sign, StringComparison.OrdinalIgnoreCase)).Hint;
        var failure = result.ToFailure(Stages.Fetch, "git fetch", hint ?? "Check the project's repository URL, and that the node may read it.");
        if (result.End != ProcessEnd.Exited)
            return failure;
        var what = result.ErrorTail.Contains("couldn't find remote ref", StringComparison.Ordinal)
            ? $"The repository has no branch {branch}"
            : $"The repository {WithoutCredentials(repository)} cannot be fetched";
        return failure with { Message = $"{what}: {GitsOwnWords(result)}" };
    }

    public static Failure OfMissingCommit(ProcessResult result, string commit, string branch, string head) =>
        new(Stages.Fetch, FailureKind.Rejected, $"The commit {commit[..12]} is not on the branch {branch}, whose head is {head[..12]}.")
        {
            ExitCode = result.ExitCode,
            StderrTail = result.ErrorTail.Length == 0 ? null : result.ErrorTail,
            Hint = "Push the commit to the branch, or deploy its head. A forced push takes commits off a branch.",
        };

    /// <summary>The URL without user and password.</summary>
    public static string WithoutCredentials(string repository) =>
        Uri.TryCreate(repository, UriKind.Absolute, out var url) && url.UserInfo.Length > 0 ? repository.Replace(url.UserInfo + "@", "", StringComparison.Ordinal) : repository;

    private static string GitsOwnWords(ProcessResult result)
    {
        var lines = result.ErrorTail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = lines.FirstOrDefault(l => l.StartsWith("fatal: ", StringComparison.Ordinal) && !l.Contains("Could not read from remote repository", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(l => l.StartsWith("fatal: ", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "git said nothing";
        return WithoutCredentials(said);
    }
}
