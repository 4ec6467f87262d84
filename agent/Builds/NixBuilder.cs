using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>A store path.</summary>
internal sealed record StorePath(string Path);

/// <summary>Runs Nix for builds, inside the limits of builds.</summary>
internal sealed class NixBuilder(AgentPaths paths, TransientUnits units, AgentSettings settings)
{
    /// <summary>Builds one output of a rendered flake and links it.</summary>
    public async Task<Result<StorePath>> BuildAsync(string stage, string unit, string directory, string output, string link, RenderedFlake flake, IOutputSink log, CancellationToken cancellationToken)
    {
        var hidden = flake.HasForeignFlake ? HiddenFromFlakes([directory, Path.GetDirectoryName(link)!]) : [];
        var built = await RunAsync(unit, NixCommands.Build(directory, output, link, flake.NixpkgsInputs, settings.Nix), log, cancellationToken, hidden);
        if (!built.IsSuccess)
            return built.ToFailure(stage, $"nix build .#{output}", HintFor(built.ErrorTail));
        return new StorePath(built.Answer);
    }

    public async Task<Result<StorePath>> AddAsync(string stage, string unit, string name, string directory, IOutputSink log, CancellationToken cancellationToken)
    {
        var added = await RunAsync(unit, NixCommands.Add(name, directory), log, cancellationToken);
        return added.IsSuccess ? new StorePath(added.Answer) : added.ToFailure(stage, "nix store add", HintFor(added.ErrorTail));
    }

    /// <summary>Size of a closure in bytes; 0 when it cannot be told.</summary>
    public async Task<long> ClosureBytesAsync(string unit, string storePath, IOutputSink log, CancellationToken cancellationToken)
    {
        // "/nix/store/…  12345"
        var told = await RunAsync(unit, NixCommands.ClosureSize(storePath), log, cancellationToken);
        return told.IsSuccess && long.TryParse(told.Answer.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[^1], out var bytes) ? bytes : 0;
    }

    /// <summary>
    /// A flake that others wrote can name any path as an input, and Nix, which runs as root, would copy it into the store, where everybody reads:
    /// what is not for everybody is not there for it.
    /// </summary>
    private (string Name, string Value)[] HiddenFromFlakes(IEnumerable<string> needed) =>
    [
        ("TemporaryFileSystem", paths.Root),
        ("BindPaths", string.Join(' ', needed.Distinct(StringComparer.Ordinal))),
        ("InaccessiblePaths", $"-{paths.State} -/etc/vpspilot -/root/.ssh -/root/.gnupg -/root/.config -/etc/ssh -/etc/shadow -/etc/gshadow -/etc/ssl/private -/home"),
    ];

    private Task<ProcessResult> RunAsync(string unit, IReadOnlyList<string> arguments, IOutputSink log, CancellationToken cancellationToken, IEnumerable<(string Name, string Value)>? properties = null) =>
        units.RunAsync(new TransientCommand(unit, [Programs.Find("nix"), .. arguments])
        {
            WorkingDirectory = "/",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/root",
                ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            },
            Timeout = settings.Build.Timeout,
            Output = log,
            ShowOutput = false,
            Properties = [.. TransientUnits.Limits(settings.Build), .. properties ?? []],
        }, cancellationToken);

    private static string? HintFor(string error) => error switch
    {
        _ when error.Contains("No space left on device", StringComparison.Ordinal) => "The disk is full: collect old releases (POST /api/nodes/{id}/collect) or make room.",
        _ when error.Contains("unable to download", StringComparison.Ordinal) || error.Contains("Could not resolve host", StringComparison.Ordinal) =>
            "The node cannot reach a binary cache or GitHub; check its network, or set substituters and overrideInputs in /etc/vpspilot/agent.json.",
        _ when error.Contains("has no extension", StringComparison.Ordinal) => "Correct php.extensions, or require.ext-… in composer.json; extensions are named as in nixpkgs.",
        _ when error.Contains("has no packages.", StringComparison.Ordinal) => "The flake needs packages.<system>.default with a program bin/start, or the config a start.command.",
        _ when error.Contains("does not provide attribute", StringComparison.Ordinal) || error.Contains("attribute '", StringComparison.Ordinal) =>
            "The nixpkgs in use does not have this package; choose another version, or correct nix.packages.",
        _ when error.Contains("marked as insecure", StringComparison.Ordinal) => "The runtime is past its end of life; choose a newer version, or set nix.allow_insecure.",
        _ => null,
    };
}
