using CliWrap;
using CliWrap.Buffered;

namespace VpsPilot.Cli.Git;

/// <summary>The git repository that a folder is in, asked of git itself. Where there is none, or no git, there are no answers.</summary>
internal sealed class GitRepository(string folder)
{
    /// <summary>Addresses of its remotes, that of <c>origin</c> first.</summary>
    public async Task<IReadOnlyList<string>> RemotesAsync(CancellationToken ct)
    {
        var text = await AskAsync(["config", "--get-regexp", @"^remote\..*\.url$"], ct);
        return [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(parts => parts.Length == 2)
            .OrderByDescending(parts => parts[0] == "remote.origin.url")
            .Select(parts => parts[1].Trim())];
    }

    /// <summary>The folder, from the top of the repository: empty, or with a slash at its end. Null outside of a repository.</summary>
    public Task<string?> PrefixAsync(CancellationToken ct) => AskAsync(["rev-parse", "--show-prefix"], ct);

    /// <summary>Top of the repository; null outside of one.</summary>
    public Task<string?> TopAsync(CancellationToken ct) => AskAsync(["rev-parse", "--show-toplevel"], ct);

    /// <summary>Full id of the commit that a revision names; null when there is none.</summary>
    public Task<string?> CommitAsync(string revision, CancellationToken ct) => AskAsync(["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], ct);

    private async Task<string?> AskAsync(string[] arguments, CancellationToken ct)
    {
        try
        {
            var result = await CliWrap.Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(folder).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(ct);
            return result.ExitCode == 0 ? result.StandardOutput.TrimEnd('\n') : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git.
            return null;
        }
    }
}
