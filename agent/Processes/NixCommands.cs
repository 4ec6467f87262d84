using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Processes;

/// <summary>Argument lists of nix and nix-env.</summary>
internal static class NixCommands
{
    /// <summary>Builds an output of the flake in a folder and keeps it from the collector by a link. Prints the store path.</summary>
    /// <param name="directory">Folder with the <c>flake.nix</c>.</param>
    /// <param name="output">Name of the output.</param>
    /// <param name="link">The link to make.</param>
    /// <param name="inputs">Names of the flake's inputs.</param>
    /// <param name="settings">How Nix is called on this node.</param>
    public static IReadOnlyList<string> Build(string directory, string output, string link, IEnumerable<string> inputs, NixSettings settings) =>
    [
        "build", .. Experimental, $"path:{directory}#{output}", "--out-link", link, "--print-out-paths", "--print-build-logs", .. Overrides(inputs, settings), .. Options(settings),
    ];

    public static IReadOnlyList<string> Add(string name, string directory) => ["store", "add", .. Experimental, "--name", name, directory];

    /// <summary>Prints the path and the bytes of its closure.</summary>
    public static IReadOnlyList<string> ClosureSize(string storePath) => ["path-info", .. Experimental, "--closure-size", storePath];

    /// <summary>Asks the store whether it answers.</summary>
    public static IReadOnlyList<string> StoreInfo { get; } = ["store", "info", .. Experimental];

    public static IReadOnlyList<string> CollectGarbage { get; } = ["store", "gc", .. Experimental];

    public static IReadOnlyList<string> Optimise { get; } = ["store", "optimise", .. Experimental];

    /// <summary>For <c>nix-env</c>.</summary>
    public static IReadOnlyList<string> DeleteGenerations(string profile, IEnumerable<int> generations) => ["--profile", profile, "--delete-generations", .. generations.Select(g => $"{g}")];

    private static string[] Experimental => ["--extra-experimental-features", "nix-command flakes"];

    private static IEnumerable<string> Overrides(IEnumerable<string> inputs, NixSettings settings)
    {
        foreach (var input in inputs)
        {
            if (settings.OverrideInputs.TryGetValue(input, out var flake) || settings.OverrideInputs.TryGetValue("*", out flake))
            {
                yield return "--override-input";
                yield return input;
                yield return flake;
            }
        }
    }

    private static IEnumerable<string> Options(NixSettings settings) =>
    [
        .. Option("substituters", settings.Substituters is { } caches ? string.Join(' ', caches) : null),
        .. Option("trusted-public-keys", settings.TrustedPublicKeys is { } keys ? string.Join(' ', keys) : null),
        .. Option("cores", settings.Cores?.ToString()),
        .. Option("max-jobs", settings.MaxJobs?.ToString()),
    ];

    private static string[] Option(string name, string? value) => value is null ? [] : ["--option", name, value];
}
