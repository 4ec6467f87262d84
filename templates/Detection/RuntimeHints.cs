using System.Text.RegularExpressions;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Detection;

/// <summary>Runtime versions that an app's own files ask for, where its config does not say.</summary>
internal static partial class RuntimeHints
{
    private static readonly Dictionary<string, Func<SourceFiles, IEnumerable<(string File, string? Text)>>> Sources =
        new Dictionary<string, Func<SourceFiles, IEnumerable<(string File, string? Text)>>>(StringComparer.Ordinal)
        {
            ["node"] = f => [LongTerm(Line(f, ".nvmrc")), LongTerm(Line(f, ".node-version")), ("package.json (engines.node)", PackageJson.Of(f)?.Node), Tool(f, "nodejs", "node")],
            ["php"] = f => [("composer.json (require.php)", Composer(f)), Tool(f, "php")],
            ["python"] = f => [Line(f, ".python-version"), Match(f, "pyproject.toml", RequiresPython()), Line(f, "runtime.txt"), Tool(f, "python")],
            ["go"] = f => [Match(f, "go.mod", GoLine(), atLeast: true), Tool(f, "golang", "go")],
            ["ruby"] = f => [Line(f, ".ruby-version"), Match(f, "Gemfile", RubyLine()), Tool(f, "ruby")],
        };

    /// <summary>Names of Node.js's long-term lines, as nvm takes them.</summary>
    private static readonly Dictionary<string, string> LongTermLines = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lts/gallium"] = "16",
        ["lts/hydrogen"] = "18",
        ["lts/iron"] = "20",
        ["lts/jod"] = "22",
        ["lts/krypton"] = "24",
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

    /// <summary>The name of a long-term line is its version. <c>lts/*</c> is none, and leaves the default, which is one.</summary>
    private static (string File, string? Text) LongTerm((string File, string? Text) line) => line with { Text = line.Text is { } text && LongTermLines.TryGetValue(text, out var version) ? version : line.Text };

    /// <summary>The first version of a tool in <c>.tool-versions</c>, as asdf reads it; the others there are for when that one is not installed.</summary>
    private static (string File, string? Text) Tool(SourceFiles files, params string[] names)
    {
        var text = files.Has(".tool-versions") ? files.Read(".tool-versions") : null;
        var lines = (text ?? "").Split('\n').Select(l => l.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries));
        return (".tool-versions", lines.FirstOrDefault(l => l.Length > 1 && names.Contains(l[0], StringComparer.Ordinal))?[1]);
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
