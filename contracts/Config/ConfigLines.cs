using System.Text.Json;
using VpsPilot.Contracts.Config.Parsing;

namespace VpsPilot.Contracts.Config;

/// <summary>Where the values of a JSON file stand in it, so that a mistake that is found after reading still tells its line.</summary>
/// <param name="lines">One-based line by path, such as <c>$.env.URL</c> or <c>$.domains[0]</c>.</param>
public sealed class ConfigLines(IReadOnlyDictionary<string, int> lines)
{
    /// <summary>So many values are remembered, the outer ones first; what is beyond them has the line of what it is in.</summary>
    private const int Most = 10_000;

    /// <summary>Knows no line.</summary>
    public static ConfigLines None { get; } = new(new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>All that is known, by path.</summary>
    public IReadOnlyDictionary<string, int> All => lines;

    /// <summary>The lines of any JSON file; none of a text that is not JSON.</summary>
    public static ConfigLines Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Of(ConfigNode.Read(utf8, new ConfigMistakes()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return None;
        }
    }

    internal static ConfigLines Of(ConfigNode root)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var next = new Queue<ConfigNode>([root]);
        while (lines.Count < Most && next.TryDequeue(out var node))
        {
            lines[node.Path] = node.Line;
            foreach (var inner in node.Members.Select(m => m.Value).Concat(node.Elements))
            {
                next.Enqueue(inner);
            }
        }

        return new ConfigLines(lines);
    }

    /// <summary>Whether the file has this path.</summary>
    public bool Has(string path) => lines.ContainsKey(path);

    /// <summary>Line of a path; where the file does not have it, of the nearest value around it. Null when not even that is known.</summary>
    public int? Of(string path)
    {
        for (var end = path.Length; end > 0; end = path.AsSpan(0, end).LastIndexOfAny('.', '['))
        {
            if (lines.TryGetValue(path[..end], out var line))
            {
                return line;
            }
        }

        return null;
    }

    /// <summary>The same failure, with lines where it had none.</summary>
    public Failure Locate(Failure failure) => failure.Problems.Count == 0
        ? failure
        : failure with { Problems = [.. failure.Problems.Select(p => p.Line is null ? p with { Line = Of(p.Path) } : p)] };
}
