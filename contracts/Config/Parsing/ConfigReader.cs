using System.Globalization;
using System.Text.Json;

namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>
/// Reads one object of the document key by key and notes every mistake. A missing key has its default; whatever key was never asked for is unknown.
/// Adding a key to the config is one call here.
/// </summary>
internal sealed class ConfigReader(ConfigNode node, ConfigMistakes mistakes)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Text that is not empty and has no line break or control character.</summary>
    public string? Text(string key, Func<string, string?>? check = null)
    {
        if (Find(key, JsonValueKind.String, "text") is not { } value)
        {
            return null;
        }

        var wrong = value.Text.Length == 0 ? "It must not be empty." : value.Text.Any(char.IsControl) ? "It must not hold line breaks or control characters." : check?.Invoke(value.Text);
        if (wrong is null)
        {
            return value.Text;
        }

        Note(value, wrong);
        return null;
    }

    public bool Flag(string key, bool standard) => Find(key) switch
    {
        null => standard,
        { Kind: JsonValueKind.True } => true,
        { Kind: JsonValueKind.False } => false,
        var other => Wrong(other, "true or false", standard),
    };

    public int? Number(string key, int min, int max)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        return value.Kind == JsonValueKind.Number && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : Wrong<int?>(value, $"a whole number from {min} to {max}", null);
    }

    public TimeSpan Duration(string key, TimeSpan standard, TimeSpan min, TimeSpan max)
    {
        if (Find(key) is not { } value)
        {
            return standard;
        }

        return value.Kind is JsonValueKind.Number or JsonValueKind.String && Units.ParseDuration(value.Text) is { } duration && duration >= min && duration <= max
            ? duration
            : Wrong(value, $"a duration such as 30 (seconds), \"30s\", \"2m\" or \"1h\", from {Units.Format(min)} to {Units.Format(max)}", standard);
    }

    public long? Size(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        return value.Kind is JsonValueKind.Number or JsonValueKind.String && Units.ParseSize(value.Text) is { } bytes and > 0
            ? bytes
            : Wrong<long?>(value, "a size such as \"512M\" or \"2G\", or a number of bytes", null);
    }

    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value.Kind == JsonValueKind.String && choices.TryGetValue(value.Text, out var choice))
        {
            return choice;
        }

        Note(value, $"Expected one of {string.Join(", ", choices.Keys.Select(c => $"\"{c}\""))}" + (Similar.To(value.Text, choices.Keys) is { } meant ? $"; did you mean \"{meant}\"?" : "."));
        return null;
    }

    /// <summary>A list of texts; a text may have several lines.</summary>
    public IReadOnlyList<string>? Texts(string key, Func<string, string?>? check = null)
    {
        if (Find(key, JsonValueKind.Array, "a list of texts") is not { } list)
        {
            return null;
        }

        var texts = new List<string>();
        foreach (var element in list.Elements)
        {
            var wrong = element.Kind != JsonValueKind.String ? "Expected text." : string.IsNullOrWhiteSpace(element.Text) ? "It must not be empty." : element.Text.Contains('\0') ? "It must not hold a null character." : check?.Invoke(element.Text);
            if (wrong is null)
            {
                texts.Add(element.Text);
            }
            else
            {
                Note(element, wrong);
            }
        }

        return texts;
    }

    /// <summary>An object whose values are texts (numbers and booleans count as their text).</summary>
    public IReadOnlyDictionary<string, string> Map(string key, Func<string, string?> checkKey)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Find(key, JsonValueKind.Object, "an object")?.Members ?? [])
        {
            var wrong = checkKey(name) ?? (value.Kind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null ? "Expected text." : value.Text.Contains('\0') ? "It must not hold a null character." : null);
            if (wrong is not null)
            {
                Note(value, wrong);
                continue;
            }

            map[name] = value.Kind switch
            {
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => value.Text,
            };
        }

        return map;
    }

    /// <summary>A part of the config; <paramref name="standard"/> when it is missing.</summary>
    public T Part<T>(string key, T standard, Func<ConfigReader, T> read)
    {
        if (Find(key, JsonValueKind.Object, "an object") is not { } part)
        {
            return standard;
        }

        var reader = new ConfigReader(part, mistakes);
        var value = read(reader);
        reader.NoteUnknownKeys();
        return value;
    }

    /// <summary>An object of objects; a value that is only text is the same as an object with that text as its <c>command</c>.</summary>
    public IReadOnlyDictionary<string, T> Parts<T>(string key, Func<string, string?> checkKey, Func<ConfigReader, T> read)
    {
        var parts = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in Find(key, JsonValueKind.Object, "an object")?.Members ?? [])
        {
            var part = value;
            if (value.Kind == JsonValueKind.String)
            {
                part = value.AsObject("command");
            }

            if ((checkKey(name) ?? (part.Kind == JsonValueKind.Object ? null : "Expected an object, or a command as text.")) is { } wrong)
            {
                Note(value, wrong);
                continue;
            }

            var reader = new ConfigReader(part, mistakes);
            parts[name] = read(reader);
            reader.NoteUnknownKeys();
        }

        return parts;
    }

    /// <summary>Text that must be there; empty, and noted, when it is not.</summary>
    public string Required(string key)
    {
        if (Find(key) is null)
        {
            mistakes.Add($"{node.Path}.{key}", $"\"{key}\" is missing.", node.Line);
        }

        return Text(key) ?? "";
    }

    /// <summary>Notes when more than one of these keys is given.</summary>
    public void AtMostOne(params ReadOnlySpan<string> keys)
    {
        var given = new List<string>();
        foreach (var key in keys)
        {
            if (Find(key) is not null)
            {
                given.Add(key);
            }
        }

        if (given.Count > 1)
        {
            Note(node, $"Only one of {string.Join(", ", given.Select(k => $"\"{k}\""))} can be given.");
        }
    }

    /// <summary>Notes the keys nobody asked for.</summary>
    public void NoteUnknownKeys()
    {
        foreach (var (key, value) in node.Members)
        {
            if (known.Contains(key))
            {
                if (value.Kind == JsonValueKind.Null)
                {
                    Note(value, "Null says nothing; leave the key out for its default.");
                }

                continue;
            }

            var meant = Similar.To(key, known);
            Note(value, meant is null ? $"Unknown key. Known here: {string.Join(", ", known.Order(StringComparer.Ordinal))}." : $"Unknown key; did you mean \"{meant}\"?");
            if (meant is not null)
            {
                mistakes.Miss($"{node.Path}.{meant}");
            }
        }
    }

    private ConfigNode? Find(string key)
    {
        known.Add(key);
        var found = node.Members.Find(m => m.Key == key).Value;
        return found is { Kind: JsonValueKind.Null } ? null : found;
    }

    private ConfigNode? Find(string key, JsonValueKind kind, string expected)
    {
        if (Find(key) is not { } value || value.Kind == kind)
        {
            return Find(key);
        }

        return Wrong<ConfigNode?>(value, expected, null);
    }

    private T Wrong<T>(ConfigNode value, string expected, T standard)
    {
        Note(value, $"Expected {expected}.");
        return standard;
    }

    private void Note(ConfigNode value, string message) => mistakes.Add(value.Path, message, value.Line);
}
