using VpsPilot.Contracts.Config;

namespace VpsPilot.Templates.Rendering;

/// <summary>A path that outlives releases.</summary>
/// <param name="Path">Relative to the app's folder and to the project's data folder alike, without slashes at its ends.</param>
/// <param name="IsFolder">Whether it begins as an empty folder where the commit has nothing there; else the app makes the file.</param>
public sealed record PersistPath(string Path, bool IsFolder);

/// <summary>What <c>persist</c> of a config comes to.</summary>
public static class PersistPaths
{
    /// <summary>Where, in a sealed tree, the content that the commit had at persistent paths lies; below it are the paths themselves.</summary>
    public const string Seeds = ".vpspilot/persist";

    /// <summary>Each path once; one that lies in another is part of that.</summary>
    public static IReadOnlyList<PersistPath> Of(ProjectConfig config)
    {
        var all = config.Persist
            .Select(p => new PersistPath(p.Trim('/'), p.EndsWith('/') || !p.Split('/')[^1].TrimStart('.').Contains('.', StringComparison.Ordinal)))
            .DistinctBy(p => p.Path, StringComparer.Ordinal).ToList();
        return [.. all.Where(p => !all.Exists(other => p.Path.StartsWith(other.Path + "/", StringComparison.Ordinal))).OrderBy(p => p.Path, StringComparer.Ordinal)];
    }
}
