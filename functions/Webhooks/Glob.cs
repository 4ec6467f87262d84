using System.Text;
using System.Text.RegularExpressions;

namespace VpsPilot.Functions.Webhooks;

/// <summary>
/// Patterns of branches, tags and paths: <c>*</c> is any text without a slash, <c>**</c> any text, <c>**/</c> any folders or none,
/// <c>?</c> one character other than a slash; all else is literal. A pattern that ends in a slash means all below that folder.
/// </summary>
internal static class Glob
{
    public const int MaxCharacters = 250;

    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>True when the whole text matches. Linear in the text, whatever the pattern.</summary>
    public static bool IsMatch(string pattern, string text)
    {
        pattern = pattern.EndsWith('/') ? pattern + "**" : pattern;
        return pattern.IndexOfAny(Wildcards) < 0 ? pattern == text : Regex.IsMatch(text, Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    /// <summary>The patterns in order, the last that matches decides; one that starts with <c>!</c> takes away. Where all take away, all else stays.</summary>
    public static bool IsSelected(IReadOnlyList<string> patterns, string text)
    {
        var selected = patterns.All(p => p.StartsWith('!'));
        foreach (var pattern in patterns)
        {
            var takesAway = pattern.StartsWith('!');
            if (selected == takesAway && IsMatch(takesAway ? pattern[1..] : pattern, text))
            {
                selected = !takesAway;
            }
        }

        return selected;
    }

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Mistake(string? pattern) =>
        string.IsNullOrEmpty(pattern?.TrimStart('!')) || pattern.Length > MaxCharacters || pattern.Any(char.IsControl)
            ? $"must be a pattern of 1 to {MaxCharacters} characters."
            : null;

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when pattern.AsSpan(i).StartsWith("**/") && (i == 0 || pattern[i - 1] == '/'):
                    regex.Append("(?:.*/)?");
                    i += 2;
                    break;
                case '*' when pattern.AsSpan(i).StartsWith("**"):
                    regex.Append(".*");
                    i++;
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return regex.Append(@"\z").ToString();
    }
}
