namespace VpsPilot.Templates.Detection;

/// <summary>The files of an app's folder.</summary>
/// <param name="Names">Relative paths, one folder deep.</param>
/// <param name="Read">Text of a file, cut at 64 KiB; null when there is none or it cannot be read.</param>
public sealed record SourceFiles(IReadOnlyCollection<string> Names, Func<string, string?> Read)
{
    /// <summary>An app without files.</summary>
    public static SourceFiles None { get; } = new([], _ => null);

    /// <summary>Whether there is a file of this relative path, however deep; default: by the names.</summary>
    public Func<string, bool> IsThere { get => field ?? Has; init; }

    /// <summary>Whether there is a file of this relative path among the names.</summary>
    public bool Has(string name) => Names.Contains(name);
}
