namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>The mistakes of a document, as they are found.</summary>
internal sealed class ConfigMistakes
{
    private readonly List<string> meant = [];

    public List<Problem> Problems { get; } = [];

    /// <summary>Paths that cannot be gone by.</summary>
    public IReadOnlyCollection<string> Doubtful => [.. Problems.Select(p => p.Path), .. meant];

    public void Add(string path, string message, int? line = null) => Problems.Add(new Problem(path, message, line));

    /// <summary>Notes a path that the document lacks, but that another key was probably meant to be.</summary>
    public void Miss(string path) => meant.Add(path);
}
