using System.Text;
using VpsPilot.Cli.Output;
using VpsPilot.Contracts;

namespace VpsPilot.Cli.Secrets;

/// <summary>
/// Reads <c>.env</c> files: <c>NAME=VALUE</c> lines, with <c>export</c> before them or not; comments; values in single quotes as they are, in double
/// quotes with <c>\n</c>, <c>\r</c>, <c>\t</c>, <c>\"</c>, <c>\\</c> and <c>\$</c>, both over several lines too. Nothing is expanded.
/// </summary>
internal static class DotEnv
{
    /// <summary>The values in their order, the last one of a name; or every mistake, with its line.</summary>
    public static Answer<List<KeyValuePair<string, string>>> Read(string text, string source)
    {
        var (values, errors) = (new List<KeyValuePair<string, string>>(), new List<Problem>());
        var (position, line) = (0, 1);
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        while (position < text.Length)
        {
            var (at, start) = (line, position);
            position = Math.Min(text.Length, Statement(text, position, out var name, out var value, out var mistake));
            line += text.AsSpan(start, position - start).Count('\n');
            if (mistake is not null)
            {
                errors.Add(new Problem($"{source}:{at}", mistake, at));
            }
            else if (name is not null)
            {
                values.RemoveAll(v => v.Key == name);
                values.Add(new(name, value));
            }
        }

        if (errors.Count > 0)
        {
            return Complaint.Usage($"{source} has {Words.Count(errors.Count, "mistake")}; nothing was set.") with { Errors = errors };
        }

        return values.Count > 0 ? values : Complaint.Usage($"{source} has no values.");
    }

    /// <summary>Reads one line, or more where a quoted value goes on. Nothing of a value is in a mistake.</summary>
    /// <returns>Where the next one begins.</returns>
    private static int Statement(string text, int position, out string? name, out string value, out string? mistake)
    {
        (name, value, mistake) = (null, "", null);
        var end = text.IndexOf('\n', position) is var n && n < 0 ? text.Length : n;
        var statement = text[position..end].Trim();
        if (statement.Length == 0 || statement[0] == '#')
        {
            return end + 1;
        }

        var equals = text.IndexOf('=', position, end - position);
        var key = (equals < 0 ? statement : text[position..equals]).Trim();
        key = key.StartsWith("export ", StringComparison.Ordinal) ? key[7..].Trim() : key;
        if (equals < 0 || key.Length == 0 || char.IsAsciiDigit(key[0]) || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            mistake = "expected NAME=VALUE, the name of letters, digits and underscores.";
            return end + 1;
        }

        name = key;
        var first = equals + 1;
        while (first < end && text[first] is ' ' or '\t')
        {
            first++;
        }

        if (first < end && text[first] is '"' or '\'')
        {
            return Quoted(text, first, key, out value, out mistake);
        }

        var plain = text[first..end];
        var comment = plain.IndexOf(" #", StringComparison.Ordinal);
        value = (comment < 0 ? plain : plain[..comment]).Trim();
        return end + 1;
    }

    private static int Quoted(string text, int open, string name, out string value, out string? mistake)
    {
        var (quote, read) = (text[open], new StringBuilder());
        (value, mistake) = ("", null);
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                value = read.ToString();
                var end = text.IndexOf('\n', i) is var n && n < 0 ? text.Length : n;
                var rest = text[(i + 1)..end].Trim();
                mistake = rest.Length == 0 || rest[0] == '#' ? null : $"there is more after the quoted value of {name}.";
                return end + 1;
            }

            if (quote == '"' && text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                read.Append(text[i] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", '"' => "\"", '\\' => "\\", '$' => "$", var other => $"\\{other}" });
                continue;
            }

            read.Append(text[i]);
        }

        mistake = $"the quote of {name} is not closed.";
        return (text.IndexOf('\n', open) is var next && next < 0 ? text.Length : next) + 1;
    }
}
