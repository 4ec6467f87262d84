using System.Text;
using CliWrap;
using VpsPilot.Functions.Tests;

namespace VpsPilot.Cli.Tests.Running;

/// <summary>The published program, with a home of its own, as a person or a script starts it.</summary>
public sealed class CliProgram : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder home = new();

    /// <summary>The binary that <c>make build</c> made.</summary>
    public static string Binary { get; } = Find();

    /// <summary>Home, and the folder that it runs in unless another is named.</summary>
    public string Home => home.Path;

    /// <summary>Where it keeps servers.</summary>
    public string ConfigFile => Path.Combine(Home, ".config", "vpspilot", "config.json");

    /// <summary>Environment beyond the usual.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>A program that speaks to a server with a token, by its environment alone.</summary>
    public static CliProgram For(HttpClient client)
    {
        var program = new CliProgram();
        program.Environment["VPSPILOT_SERVER"] = client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        program.Environment["VPSPILOT_TOKEN"] = client.DefaultRequestHeaders.Authorization!.Parameter;
        return program;
    }

    /// <summary>Runs it with pipes.</summary>
    public Task<CliRun> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    /// <summary>Runs it with pipes, with something on standard input, in a folder.</summary>
    public async Task<CliRun> RunAsync(string[] arguments, string input, string? folder = null)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        using var limit = new CancellationTokenSource(Limit);
        var result = await CliWrap.Cli.Wrap(Binary).WithArguments(arguments).WithWorkingDirectory(folder ?? Home)
            .WithEnvironmentVariables(AllVariables())
            .WithStandardInputPipe(PipeSource.FromString(input))
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(limit.Token);
        return new CliRun(result.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>What the program is told by its environment; nothing of what these tests run in.</summary>
    internal Dictionary<string, string?> AllVariables() => new(Environment, StringComparer.Ordinal)
    {
        ["HOME"] = Home,
        ["XDG_CONFIG_HOME"] = null,
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["TZ"] = "UTC",
        ["LANG"] = "C.UTF-8",
        ["CI"] = null,
    };

    public void Dispose() => home.Dispose();

    private static string Find()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "VpsPilot.Serverless.sln")))
        {
            root = root.Parent;
        }

        var file = Path.Combine(root.FullName, "artifacts", "cli", "linux-x64", "vpspilot");
        File.Exists(file).ShouldBeTrue($"There is no {file}: run make build.");
        return file;
    }
}
