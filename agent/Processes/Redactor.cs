using System.Text;

namespace VpsPilot.Agent.Processes;

/// <summary>Takes secret values out of text: as they are, in base64, percent-encoded and as JSON writes them, and each long line of a value with several.</summary>
internal sealed class Redactor
{
    private const string Mark = "[redacted]";

    /// <summary>Shorter values cannot be told from ordinary text.</summary>
    private const int MinLength = 4;

    public static readonly Redactor None = new([]);

    private readonly (string Text, bool IsEncoded)[] needles;

    public Redactor(IEnumerable<string> values)
    {
        // The longest first, so that a value inside another leaves nothing of it behind.
        needles = [.. values.SelectMany(FormsOf).Where(f => f.Text.Length >= MinLength).Distinct().OrderByDescending(f => f.Text.Length).ThenBy(f => f.Text, StringComparer.Ordinal)];
    }

    public string Redact(string text)
    {
        foreach (var (needle, isEncoded) in needles)
        {
            for (var at = text.IndexOf(needle, StringComparison.Ordinal); at >= 0; at = text.IndexOf(needle, at + Mark.Length, StringComparison.Ordinal))
            {
                var (from, to) = (at, at + needle.Length);
                if (isEncoded)
                    (from, to) = Widen(text, from, to);
                text = string.Concat(text.AsSpan(0, from), Mark, text.AsSpan(to));
                at = from;
            }
        }

        return text;
    }

    /// <summary>The groups of base64 around a value hold some of its bits too.</summary>
    private static (int From, int To) Widen(string text, int from, int to)
    {
        static bool IsBase64(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '-' or '_';
        for (var i = 0; i < 4 && from > 0 && IsBase64(text[from - 1]); i++)
            from--;
        for (var i = 0; i < 4 && to < text.Length && IsBase64(text[to]); i++)
            to++;
        return (from, to);
    }

    private static IEnumerable<(string Text, bool IsEncoded)> FormsOf(string value)
    {
        var trimmed = value.Trim();
        if (trimmed.Length < MinLength)
            yield break;
        foreach (var text in new[] { value, trimmed }.Concat(trimmed.Contains('\n') ? trimmed.Split('\n').Select(l => l.Trim()).Where(l => l.Length >= 8) : []))
        {
            yield return (text, false);
            yield return (Uri.EscapeDataString(text), false);
            yield return (text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal), false);
            foreach (var form in Base64Of(Encoding.UTF8.GetBytes(text)))
                yield return (form, true);
        }
    }

    /// <summary>Base64 of the value alone, and the part of it that stays the same wherever the value lies inside a longer text.</summary>
    private static IEnumerable<string> Base64Of(byte[] bytes)
    {
        yield return Convert.ToBase64String(bytes);
        for (var offset = 0; offset < 3 && bytes.Length >= 8; offset++)
        {
            var shifted = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var first = offset == 0 ? 0 : offset + 1;
            var whole = (offset + bytes.Length) / 3 * 4;
            yield return shifted[first..whole];
        }
    }
}
