using System.Text;

namespace VpsPilot.Agent.Processes;

/// <summary>Takes secret values out of text: as they are, in base64, percent-encoded and as JSON writes them, and each long line of a value with several.</summary>
internal sealed class Redactor
{
    private const string Mark = "[redacted]";

    /// <summary>Shorter values cannot be told from ordinary text.</summary>
    private const int MinLength = 4;

    public static readonly Redactor None = new([]);

    private readonly string[] needles;

    public Redactor(IEnumerable<string> values)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            foreach (var form in FormsOf(value).Where(f => f.Length >= MinLength))
                found.Add(form);
        }

        // The longest first, so that a value inside another leaves nothing of it behind.
        needles = [.. found.OrderByDescending(n => n.Length).ThenBy(n => n, StringComparer.Ordinal)];
    }

    public string Redact(string text)
    {
        foreach (var needle in needles)
            text = text.Replace(needle, Mark, StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<string> FormsOf(string value)
    {
        var trimmed = value.Trim();
        if (trimmed.Length < MinLength)
            yield break;
        foreach (var text in new[] { value, trimmed }.Concat(trimmed.Contains('\n') ? trimmed.Split('\n').Select(l => l.Trim()).Where(l => l.Length >= 8) : []))
        {
            yield return text;
            yield return Uri.EscapeDataString(text);
            yield return text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            foreach (var form in Base64Of(Encoding.UTF8.GetBytes(text)))
                yield return form;
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
