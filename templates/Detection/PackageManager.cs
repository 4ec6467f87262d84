using System.Text.RegularExpressions;

namespace VpsPilot.Templates.Detection;

/// <summary>
/// The package of a Node.js package manager, with its version where the app tells it: by <c>packageManager</c>, else by what the lock is for. The
/// newest would change under the app, and may not read its lock.
/// </summary>
/// <remarks>Sources: Node.js, "packageManager"; pnpm's and Yarn's notes on their lock files' versions.</remarks>
internal static partial class PackageManager
{
    public static string Pnpm(SourceFiles files) => Of("pnpm", files) ?? (files.Read("pnpm-lock.yaml") is { } text && LockVersion().Match(text) is { Success: true } match
        ? match.Groups["version"].Value switch { "9" => "pnpm@9", "6" => "pnpm@8", "5" => "pnpm@7", _ => "pnpm" }
        : "pnpm");

    /// <summary>Yarn 1.</summary>
    public static string Yarn(SourceFiles files) => Of("yarn", files) ?? (files.Read("yarn.lock")?.Contains("# yarn lockfile v1", StringComparison.Ordinal) == true ? "yarn@1" : "yarn");

    /// <summary>Whether the lock is one of Yarn 2 and later, which Yarn 1 cannot read.</summary>
    public static bool IsBerry(SourceFiles files) => files.Read("yarn.lock")?.Contains("__metadata:", StringComparison.Ordinal) == true;

    /// <summary>Yarn 2 and later, which are in a package of another name.</summary>
    public static string Berry(SourceFiles files) => "@yarnpkg/cli-dist" + (Of("yarn", files)?["yarn".Length..] ?? "@4");

    private static string? Of(string name, SourceFiles files) =>
        PackageJson.Of(files)?.Manager is { } manager && Named().Match(manager) is { Success: true } match && match.Groups["name"].Value == name ? $"{name}@{match.Groups["version"].Value}" : null;

    [GeneratedRegex("^(?<name>[a-z]+)@(?<version>[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?)(\\+[0-9A-Za-z.]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex("^lockfileVersion: '?(?<version>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex LockVersion();
}
