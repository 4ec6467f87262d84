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

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
