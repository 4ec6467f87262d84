using VpsPilot.Functions.Tests;

namespace VpsPilot.Cli.Tests.Running;

/// <summary>A folder with a git repository.</summary>
internal sealed class GitFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Path => folder.Path;

    /// <summary>A repository with a remote.</summary>
    public static async Task<GitFolder> WithRemoteAsync(string url, string remote = "origin")
    {
        var made = new GitFolder();
        await made.GitAsync("init", "--quiet", "--initial-branch=main");
        await made.GitAsync("remote", "add", remote, url);
        return made;
    }

    /// <summary>Commits a file.</summary>
    public async Task CommitAsync(string name, string text)
    {
        Write(name, text);
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "A commit");
    }

    public void Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public Task GitAsync(params string[] arguments) => CliWrap.Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(Path).ExecuteAsync();

    public void Dispose() => folder.Dispose();
}
