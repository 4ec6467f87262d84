namespace VpsPilot.Templates.Rendering;

/// <summary>How a runtime is asked for its version, and what it says.</summary>
internal static class RuntimeProbe
{
    /// <summary>Shell command.</summary>
    public static string Command(string runtime) => runtime switch
    {
        "node" => "node --version",
        "php" => "php -r 'echo PHP_VERSION;'",
        "python" => "python3 --version",
        "go" => "go version",
        "ruby" => "ruby --version",
        _ => throw new InvalidOperationException($"Nobody knows how {runtime} says its version."),
    };

    /// <summary>Shell pattern of the answer.</summary>
    public static string Pattern(string runtime, string version) => runtime switch
    {
        "node" => $"v{version}.*",
        "php" => $"{version}.*",
        "python" => $"Python {version}.*",
        "go" => $"go version go{version}*",
        _ => $"{runtime} {version}.*",
    };
}
