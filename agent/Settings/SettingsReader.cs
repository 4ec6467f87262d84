using System.Globalization;
using System.Text.Json;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Settings;

/// <summary>Reads the members of one JSON object, notes every mistake, and goes on.</summary>
internal sealed class SettingsReader
{
    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly string path;
    private readonly List<Problem> problems;

    public SettingsReader(JsonElement element, string path, List<Problem> problems)
    {
        (this.path, this.problems) = (path, problems);
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new(path, "must be an object."));
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!members.TryAdd(member.Name, member.Value))
                Add(member.Name, "is given twice.");
        }
    }

    public void Add(string name, string message) => problems.Add(new($"{path}.{name}", message));

    public void RefuseUnknown()
    {
        foreach (var name in members.Keys.Where(n => !known.Contains(n)))
            Add(name, $"is unknown; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
    }

    public SettingsReader? Section(string name) => Take(name) is { } value ? new(value, $"{path}.{name}", problems) : null;

    public string Path(string name, string defaultValue)
    {
        if (Text(name) is not { } text)
            return defaultValue;
        if (text.Length < 2 || text[0] != '/' || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '%'))
            Add(name, "must be an absolute path without blanks or '%'.");
        return text.TrimEnd('/');
    }

    public bool Flag(string name, bool defaultValue)
    {
        if (Take(name) is not { } value)
            return defaultValue;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Add(name, "must be true or false.");
        return defaultValue;
    }

    public string? Word(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (IsWord(value))
            return value.GetString();
        Add(name, "must be a text without blanks.");
        return null;
    }

    public int? Integer(string name, int least, int most)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
            return number;
        Add(name, most == int.MaxValue ? $"must be a whole number of at least {least}." : $"must be a whole number from {least} to {most}.");
        return null;
    }

    public TimeSpan? Duration(string name)
    {
        if (Quantity(name, ("s", 1), ("m", 60), ("h", 3600)) is { } seconds and > 0 and <= 86400)
            return TimeSpan.FromSeconds(seconds);
        if (members.ContainsKey(name))
            Add(name, "must be seconds, or text such as \"90s\", \"15m\", \"1h\", up to a day.");
        return null;
    }

    public long? Size(string name)
    {
        if (Quantity(name, ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40)) is { } bytes and >= 1 << 20)
            return bytes;
        if (members.ContainsKey(name))
            Add(name, "must be bytes, or text such as \"512M\", \"2G\"; at least 1M.");
        return null;
    }

    public IReadOnlyList<string>? List(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsWord))
            return [.. value.EnumerateArray().Select(e => e.GetString()!)];
        Add(name, "must be a list of texts without blanks.");
        return null;
    }

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Take(name) is not { } value)
            return map;
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().All(m => IsWord(m.Value)))
        {
            Add(name, "must be an object of texts without blanks.");
            return map;
        }

        foreach (var member in value.EnumerateObject())
            map[member.Name] = member.Value.GetString()!;
        return map;
    }

    private static bool IsWord(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Any(char.IsWhiteSpace);

    private string? Text(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        Add(name, "must be a text.");
        return null;
    }

    private long? Quantity(string name, params ReadOnlySpan<(string Unit, long Factor)> units)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetInt64(out var plain) ? plain : null;
        if (value.ValueKind != JsonValueKind.String)
            return null;
        var text = value.GetString()!;
        foreach (var (unit, factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
                return long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / factor ? number * factor : null;
        }

        return null;
    }

    private JsonElement? Take(string name)
    {
        known.Add(name);
        return members.TryGetValue(name, out var value) ? value : null;
    }
}
