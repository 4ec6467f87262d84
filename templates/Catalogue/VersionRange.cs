using System.Globalization;
using System.Text.RegularExpressions;

namespace VpsPilot.Templates.Catalogue;

/// <summary>
/// The versions that a text asks for: <c>20</c>, <c>20.x</c>, <c>20.11.1</c>, <c>&gt;=20 &lt;23</c>, <c>^8.1 || ~8.0.2</c>, <c>~&gt; 3.3</c>, <c>18 - 20</c>, <c>*</c>.
/// It is asked about release lines, such as <c>20</c> or <c>8.2</c>, each of which stands for its newest version.
/// </summary>
/// <remarks>Source: the documentation of npm's semver ranges, of Composer's and of RubyGems' version constraints, where they agree; <c>~&gt;</c> is RubyGems'.</remarks>
public sealed partial class VersionRange
{
    private const int Newest = int.MaxValue;

    private readonly IReadOnlyList<IReadOnlyList<Bound>> alternatives;

    private VersionRange(IReadOnlyList<IReadOnlyList<Bound>> alternatives) => this.alternatives = alternatives;

    /// <summary>Reads a range; null when it is none.</summary>
    public static VersionRange? Parse(string text)
    {
        var read = text.Split("||").Select(a => ParseAll(Hyphen().Replace(a.Trim(), ">=${from} <=${to}"))).ToList();
        return read.TrueForAll(a => a is not null) ? new VersionRange([.. read.Select(a => a!)]) : null;
    }

    /// <summary>Whether the newest version of a release line is among them.</summary>
    /// <param name="line">The line, as the catalogue has it.</param>
    public bool Has(string line)
    {
        var parts = line.Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return alternatives.Any(a => a.All(b => b.Has(parts)));
    }

    private static List<Bound>? ParseAll(string text)
    {
        var bounds = new List<Bound>();
        var rest = text.Replace(',', ' ');
        while (rest.Trim() is { Length: > 0 } left)
        {
            var match = One().Match(left);
            if (!match.Success)
            {
                return null;
            }

            var parts = match.Groups["version"].Value.Split('.').TakeWhile(p => p is not ("x" or "X" or "*")).Select(p => int.TryParse(p, CultureInfo.InvariantCulture, out var n) ? n : Newest).ToArray();
            bounds.Add(new Bound(match.Groups["sign"].Value, parts));
            rest = left[match.Length..];
        }

        return bounds.Count == 0 ? null : bounds;
    }

    private readonly record struct Bound(string Sign, int[] Version)
    {
        public bool Has(int[] line) => Version.Length == 0 || Sign switch
        {
            ">=" => Compare(line, Version) >= 0,
            ">" => Compare(line, Version) > 0,
            "<" => Compare(line, Version) < 0,
            "<=" => Compare(line, Version) < 0 || IsSameLine(line),
            "!=" => !IsSameLine(line),
            "^" => Compare(line, Version) >= 0 && line[0] == Version[0],
            "~" => IsSameLine(line[..Math.Min(line.Length, 2)]),
            "~>" => Version.Length < 3 ? Compare(line, Version) >= 0 && line[0] == Version[0] : IsSameLine(line),
            _ => IsSameLine(line),
        };

        /// <summary>One begins with the other.</summary>
        private bool IsSameLine(int[] line) => line.AsSpan().CommonPrefixLength(Version) == Math.Min(line.Length, Version.Length);

        /// <summary>The newest version of a line, compared to a version.</summary>
        private static int Compare(int[] line, int[] version)
        {
            for (var i = 0; i < version.Length; i++)
            {
                var difference = (i < line.Length ? line[i] : Newest).CompareTo(version[i]);
                if (difference != 0)
                {
                    return difference;
                }
            }

            return 0;
        }
    }

    [GeneratedRegex(@"^(?<sign>~>|>=|<=|!=|==|[<>^~=]?)\s*v?(?<version>[0-9xX*]+(\.[0-9xX*]+)*)([-+@][0-9A-Za-z.@-]+)?(?=$|\s)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex One();

    [GeneratedRegex(@"^(?<from>[0-9.xX*]+)\s+-\s+(?<to>[0-9.xX*]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hyphen();
}
