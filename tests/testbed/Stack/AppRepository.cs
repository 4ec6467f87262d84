using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace VpsPilot.Testbed.Stack;

/// <summary>A user's app: a clone to edit, and a bare repository whose post-receive hook posts a signed GitHub-shaped webhook.</summary>
public sealed class AppRepository
{
    private readonly string clone;

    private AppRepository(string bare, string clone)
    {
        Bare = bare;
        this.clone = clone;
    }

    /// <summary>The bare repository.</summary>
    public string Bare { get; }

    /// <summary>Makes <c>NAME.git</c> and a clone that holds the files of <paramref name="sample"/>; nothing is pushed yet.</summary>
    public static async Task<AppRepository> CreateAsync(string folder, string name, string sample, CancellationToken ct = default)
    {
        var repository = new AppRepository(Path.Combine(folder, name + ".git"), Path.Combine(folder, name));
        Directory.CreateDirectory(folder);
        await GitAsync(folder, ["init", "--quiet", "--bare", "--initial-branch=main", repository.Bare], ct);
        await GitAsync(folder, ["clone", "--quiet", repository.Bare, repository.clone], ct);
        await GitAsync(repository.clone, ["checkout", "--quiet", "-B", "main"], ct);
        await Cli.Wrap("cp").WithArguments(["-r", sample + "/.", repository.clone]).ExecuteAsync(ct);
        return repository;
    }

    /// <summary>Installs a hook; a repository of several projects has one for each.</summary>
    /// <param name="project">Id of the project.</param>
    /// <param name="webhookUrl">Where it posts.</param>
    /// <param name="secret">What it signs with; kept in a file only the owner can read.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task InstallHookAsync(string project, Uri webhookUrl, string secret, CancellationToken ct = default)
    {
        var secretFile = Path.Combine(Bare, $"webhook-secret-{project}");
        await File.WriteAllTextAsync(secretFile, secret, ct);
        File.SetUnixFileMode(secretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await WriteProgramAsync($"webhook-{project}", PostReceiveHook.Script(webhookUrl, secretFile), ct);
        await WriteProgramAsync("post-receive", PostReceiveHook.ForAll, ct);
    }

    private async Task WriteProgramAsync(string name, string text, CancellationToken ct)
    {
        var program = Path.Combine(Bare, "hooks", name);
        await File.WriteAllTextAsync(program, text, ct);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Replaces text in a file of the clone.</summary>
    /// <exception cref="InvalidOperationException">The file does not hold the text.</exception>
    public async Task EditAsync(string file, string oldText, string newText, CancellationToken ct = default)
    {
        var path = Path.Combine(clone, file);
        var text = await File.ReadAllTextAsync(path, ct);
        if (!text.Contains(oldText, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{file} does not contain '{oldText}'.");
        }

        await File.WriteAllTextAsync(path, text.Replace(oldText, newText, StringComparison.Ordinal), ct);
    }

    /// <summary>Writes a file of the clone.</summary>
    public Task WriteAsync(string file, string text, CancellationToken ct = default) => File.WriteAllTextAsync(Path.Combine(clone, file), text, ct);

    /// <summary>Takes the working tree back to an earlier commit's state, for a new commit on top.</summary>
    public Task RestoreAsync(string commit, CancellationToken ct = default) => GitAsync(clone, ["restore", "--source", commit, "--staged", "--worktree", "."], ct);

    /// <summary>Commits everything and pushes it, and with that fires the hook.</summary>
    /// <returns>The full commit id.</returns>
    public async Task<string> PushAsync(string message, CancellationToken ct = default)
    {
        await GitAsync(clone, ["add", "--all"], ct);
        await GitAsync(clone, ["commit", "--quiet", "--message", message], ct);
        var commit = (await GitAsync(clone, ["rev-parse", "HEAD"], ct)).Trim();
        await GitAsync(clone, ["push", "--quiet", "origin", "main"], ct);
        return commit;
    }

    private static async Task<string> GitAsync(string folder, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var errors = new StringBuilder();
        var result = await Cli.Wrap("git")
            .WithArguments(["-C", folder, "-c", "user.name=Demo", "-c", "user.email=demo@example.com", "-c", "safe.directory=*", .. arguments])
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(ct);
        return result.ExitCode == 0
            ? result.StandardOutput
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {result.ExitCode}: {errors}");
    }
}
