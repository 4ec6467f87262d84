namespace VpsPilot.Templates.Detection;

/// <summary>The processes of a <c>Procfile</c>: one <c>name: command</c> a line.</summary>
internal static class Procfile
{
    public static IReadOnlyDictionary<string, string> Of(SourceFiles files)
    {
        var processes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in files.Has("Procfile") ? files.Read("Procfile")?.Split('\n') ?? [] : [])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon > 0 ? line[..colon].Trim() : "";
            var command = line[(colon + 1)..].Trim();
            if (name.Length is > 0 and <= 30 && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_') && command.Length > 0 && !command.Any(char.IsControl))
            {
                processes.TryAdd(name, command);
            }
        }

        return processes;
    }
}
