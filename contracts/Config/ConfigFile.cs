namespace VpsPilot.Contracts.Config;

/// <summary>Where a project's config is in its repository: at the top, or for one of several projects in a repository, where the project says.</summary>
public static class ConfigFile
{
    /// <summary>What is wrong with the path of a config file, as the end of a sentence; null when nothing is.</summary>
    /// <param name="path">Relative to the top of the repository, with slashes, at most 200 characters; the file's name ends in <c>.json</c>.</param>
    public static string? Mistake(string path) =>
        path.Length > 200 || !path.EndsWith(".json", StringComparison.Ordinal) || path.Contains('\\') || path.Any(char.IsControl)
            || path.Split('/').Any(part => part is "" or "." or ".." or ".git")
            ? "must be the path of a .json file inside the repository, such as api/config.vpspilot.json."
            : null;
}
