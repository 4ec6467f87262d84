namespace VpsPilot.Functions.Notices.GitHub;

/// <summary>Owner and name of a repository on GitHub.</summary>
internal sealed record GitHubRepository(string Owner, string Name)
{
    /// <summary>Reads them from a clone address: <c>https://host/owner/name.git</c>, <c>git@host:owner/name</c>; null when it has another shape.</summary>
    public static GitHubRepository? Of(string repository)
    {
        var path = Uri.TryCreate(repository, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" or "ssh" or "git" ? url.AbsolutePath
            : repository.Contains('@', StringComparison.Ordinal) && repository.IndexOf(':') is > 0 and var colon ? repository[(colon + 1)..]
            : "";
        var parts = path.Trim('/').Split('/');
        return parts is [{ Length: > 0 } owner, { Length: > 0 } name] && Strip(name) is { Length: > 0 } stripped && IsName(owner) && IsName(stripped) ? new(owner, stripped) : null;
    }

    private static string Strip(string name) => name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;

    private static bool IsName(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text is not ("." or "..");
}
