namespace VpsPilot.Contracts.Config;

/// <summary>What could be read of a config, mistakes or not, so that other checks need not wait until it has none.</summary>
/// <param name="Config">A key with a mistake has its default here.</param>
/// <param name="Lines">Where its values stand.</param>
/// <param name="Doubtful">Paths with a mistake, and paths that an unknown key was probably meant to be.</param>
public sealed record ConfigDraft(ProjectConfig Config, ConfigLines Lines, IReadOnlyCollection<string> Doubtful)
{
    /// <summary>Whether the draft can be gone by at a path: no mistake is there, around it or in it.</summary>
    public bool IsCertain(string path) => !Doubtful.Any(d => IsWithin(d, path) || IsWithin(path, d));

    private static bool IsWithin(string path, string outer) =>
        path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '[');
}
