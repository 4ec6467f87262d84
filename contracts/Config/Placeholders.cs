using System.Text.RegularExpressions;

namespace VpsPilot.Contracts.Config;

/// <summary><c>{{NAME}}</c> in the values of <c>env</c>.</summary>
public static partial class Placeholders
{
    /// <summary>Replaces every placeholder. All that are missing are named at once, and then nothing is replaced.</summary>
    /// <param name="env">The config's <c>env</c>.</param>
    /// <param name="values">The secrets by name.</param>
    /// <param name="failure">Names every missing one; null when none is.</param>
    /// <returns>The environment; empty when there is a failure.</returns>
    public static IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> env, IReadOnlyDictionary<string, string> values, out Failure? failure)
    {
        var problems = env
            .SelectMany(e => Name().Matches(e.Value).Select(m => (Variable: e.Key, Secret: m.Groups["name"].Value)))
            .Where(p => !values.ContainsKey(p.Secret))
            .Distinct()
            .Select(p => new Problem($"$.env.{p.Variable}", $"The secret {p.Secret} is not set."))
            .ToList();
        if (problems.Count > 0)
        {
            var missing = problems.Select(p => p.Message.Split(' ')[2]).Distinct(StringComparer.Ordinal).ToList();
            failure = new Failure(Stages.Configure, FailureKind.Rejected, $"{(missing.Count == 1 ? "A secret is" : $"{missing.Count} secrets are")} not set: {string.Join(", ", missing)}.")
            {
                Problems = problems,
                Hint = $"Set {(missing.Count == 1 ? "it" : "them")} with PUT /api/projects/<project>/env/<NAME>, then deploy again.",
            };
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        failure = null;
        return env.ToDictionary(e => e.Key, e => Name().Replace(e.Value, m => values[m.Groups["name"].Value]), StringComparer.Ordinal);
    }

    /// <summary>
    /// What is secret in a value that <see cref="Resolve"/> made: all of it, and the part of each placeholder. Where two ways to divide it are possible
    /// (<c>{{A}}:{{B}}</c> with a colon in a secret), the parts of the first and of the last are given.
    /// </summary>
    /// <param name="template">The config's value.</param>
    /// <param name="value">What it was resolved to.</param>
    /// <returns>Empty when the template has no placeholder.</returns>
    public static IReadOnlyCollection<string> SecretsIn(string template, string value)
    {
        if (!Name().IsMatch(template))
            return [];

        // The texts around the placeholders; between them the split has the placeholders' names.
        var texts = Name().Split(template).Where((_, i) => i % 2 == 0).ToList();
        return new HashSet<string>([value, .. FromTheLeft(value, texts), .. FromTheRight(value, texts)], StringComparer.Ordinal);
    }

    private static IEnumerable<string> FromTheLeft(string value, List<string> texts)
    {
        var at = texts[0].Length;
        for (var i = 1; i < texts.Count && at <= value.Length; i++)
        {
            var end = i == texts.Count - 1 ? value.Length - texts[i].Length : value.IndexOf(texts[i], at, StringComparison.Ordinal);
            if (end < at)
                yield break;
            yield return value[at..end];
            at = end + texts[i].Length;
        }
    }

    private static IEnumerable<string> FromTheRight(string value, List<string> texts)
    {
        var end = value.Length - texts[^1].Length;
        for (var i = texts.Count - 2; i >= 0 && end >= 0; i--)
        {
            var at = i == 0 ? 0 : value[..end].LastIndexOf(texts[i], StringComparison.Ordinal);
            if (at < 0 || at + texts[i].Length > end)
                yield break;
            yield return value[(at + texts[i].Length)..end];
            end = at;
        }
    }

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
