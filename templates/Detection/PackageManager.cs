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

    /// <summary>The package manager that <c>packageManager</c> names, where it is pnpm or Yarn; null for npm and all else.</summary>
    public static string? WithoutLock(SourceFiles files) => Of("pnpm", files) is not null ? "pnpm" : Of("yarn", files) is not null ? "yarn" : null;

    /// <summary>How the named package manager installs an app without a lock; null where npm does. In CI, which a build is, it would refuse to make one.</summary>
    public static string? InstallWithoutLock(SourceFiles files) => WithoutLock(files) switch
    {
        "pnpm" => $"npx --yes {Pnpm(files)} install --no-frozen-lockfile",
        "yarn" => Of("yarn", files)!.StartsWith("yarn@1.", StringComparison.Ordinal) ? $"npx --yes {Yarn(files)} install" : $"npx --yes --package {Berry(files)} yarn install --no-immutable",
        _ => null,
    };

    private static string? Of(string name, SourceFiles files) =>
        PackageJson.Of(files)?.Manager is { } manager && Named().Match(manager) is { Success: true } match && match.Groups["name"].Value == name ? $"{name}@{match.Groups["version"].Value}" : null;

    [GeneratedRegex("^(?<name>[a-z]+)@(?<version>[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?)(\\+[0-9A-Za-z.]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex("^lockfileVersion: '?(?<version>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex LockVersion();
}
