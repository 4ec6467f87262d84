using System.Text.RegularExpressions;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Detection;

/// <summary>Runtime versions that an app's own files ask for, where its config does not say.</summary>
internal static partial class RuntimeHints
{
    private static readonly Dictionary<string, Func<SourceFiles, IEnumerable<(string File, string? Text)>>> Sources =
        new Dictionary<string, Func<SourceFiles, IEnumerable<(string File, string? Text)>>>(StringComparer.Ordinal)
        {
            ["node"] = f => [Line(f, ".nvmrc"), Line(f, ".node-version"), ("package.json (engines.node)", PackageJson.Of(f)?.Node)],
            ["php"] = f => [("composer.json (require.php)", Composer(f))],
            ["python"] = f => [Line(f, ".python-version"), Match(f, "pyproject.toml", RequiresPython()), Line(f, "runtime.txt")],
            ["go"] = f => [Match(f, "go.mod", GoLine(), atLeast: true)],
            ["ruby"] = f => [Line(f, ".ruby-version"), Match(f, "Gemfile", RubyLine())],
        };

    /// <summary>The version that a file asks for, and the file. A range that <paramref name="standard"/> is in gives that; text that is no version is passed over.</summary>
    public static (string Version, string File)? Find(string runtime, string standard, SourceFiles files)
    {
        foreach (var (file, text) in Sources.TryGetValue(runtime, out var sources) ? sources(files) : [])
        {
            if (text is not null && VersionRange.Parse(text) is { } range)
            {
                return (range.Has(standard) ? standard : text, file);
            }
        }

        return null;
    }

    /// <summary>The first line, without the name of the language before the version.</summary>
    private static (string File, string? Text) Line(SourceFiles files, string file)
    {
        var text = files.Has(file) ? files.Read(file)?.Split('\n')[0].Trim() : null;
        return (file, text is null ? null : Prefix().Replace(text, ""));
    }

    private static (string File, string? Text) Match(SourceFiles files, string file, Regex pattern, bool atLeast = false)
    {
        var match = files.Has(file) && files.Read(file) is { } text ? pattern.Match(text) : null;
        return (file, match is { Success: true } ? (atLeast ? ">=" : "") + match.Groups["version"].Value : null);
    }

    /// <summary>A single | is Composer's old way to write ||.</summary>
    private static string? Composer(SourceFiles files) => ComposerJson.RequiredBy(files).TryGetValue("php", out var text) ? SingleBar().Replace(text, "||") : null;

    [GeneratedRegex("^(ruby|python|node|nodejs|go|v)[- ]?(?=[0-9])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Prefix();

    [GeneratedRegex("^\\s*requires-python\\s*=\\s*[\"'](?<version>[^\"']+)[\"']", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RequiresPython();

    [GeneratedRegex("^go\\s+(?<version>[0-9]+\\.[0-9]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GoLine();

    [GeneratedRegex("^\\s*ruby\\s+[\"'](?<version>[^\"']+)[\"']", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RubyLine();

    [GeneratedRegex("(?<!\\|)\\|(?!\\|)", RegexOptions.None, 1000)]
    private static partial Regex SingleBar();
}
