using VpsPilot.Agent.Processes;

namespace VpsPilot.Agent.Tests.Builds;

/// <summary>A real repository to fetch from.</summary>
internal sealed class GitRepository(string path)
{
    private readonly ProcessRunner runner = new(TimeProvider.System);

    public string Path => path;

    public static async Task<GitRepository> CreateAsync(string path)
    {
        var repository = new GitRepository(path);
        Directory.CreateDirectory(path);
        await repository.GitAsync("init", "--quiet", "--initial-branch=main");
        return repository;
    }

    public async Task<string> CommitAsync(string message, params (string File, string Text)[] files)
    {
        foreach (var (file, text) in files)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(path, file))!);
            await File.WriteAllTextAsync(System.IO.Path.Combine(path, file), text);
        }

        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--allow-empty", "--message", message);
        return await GitAsync("rev-parse", "HEAD");
    }

    public async Task<string> GitAsync(params string[] arguments)
    {
        IReadOnlyList<string> all = ["-C", path, "-c", "user.name=Test", "-c", "user.email=test@example.org", .. arguments];
        var result = await runner.RunAsync(new("git", all) { Environment = new Dictionary<string, string?> { ["GIT_CONFIG_GLOBAL"] = "/dev/null" } }, default);
        result.IsSuccess.ShouldBeTrue(result.ErrorTail);
        return result.Answer;
    }
}
