using System.Text;
using System.Text.Json.Nodes;

namespace VpsPilot.Contracts.Tests.Config.Schema;

/// <summary>The schema as a page for people: one table for each group of keys.</summary>
internal static class ConfigReference
{
    private const string Introduction = """
        # Reference of `config.vpspilot.json`
        Every key, made from the schema ([config.schema.json](config.schema.json)) by a test that also keeps it in step. How the parts work together is told in [config.md](config.md).

        A *duration* is seconds as a number, or text such as `"250ms"`, `"30s"`, `"2m"`, `"1h"`, `"1d"`. A *size* is bytes as a number, or text such as `"512M"`, `"2G"` (powers of 1024). Unknown keys are errors.

        """;

    /// <summary>Markdown of a schema that <see cref="ConfigSchema"/> made.</summary>
    public static string Write(JsonObject schema)
    {
        var page = new StringBuilder(Introduction);
        var groups = ConfigSchema.Keys(schema).Where(k => k.Schema["properties"] is not null).Select(k => (Name: k.Path[2..], k.Schema));
        Table(page, "Top level", schema, "");
        foreach (var (name, group) in groups)
        {
            Table(page, $"`{name}`", group, name + ".");
        }

        // Maps whose values are objects have keys that are names, which no path leads through.
        foreach (var (name, key) in schema["properties"]!.AsObject())
        {
            if (ObjectsOf(key!) is { } value)
            {
                Table(page, $"`{name}.<name>`", value, name + ".<name>.");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Table(StringBuilder page, string title, JsonObject group, string prefix)
    {
        page.Append($"\n## {title}\n");
        if (prefix.Length > 0 && group["description"] is { } description)
        {
            page.Append($"{description}\n");
        }

        page.Append("\n| key | type | default | what |\n|---|---|---|---|\n");
        var required = group["required"]?.AsArray().Select(r => (string)r!).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var (name, key) in group["properties"]!.AsObject())
        {
            var standard = required.Contains(name) ? "*required*" : key!["default"] is { } value ? $"`{value.ToJsonString()}`" : "";
            page.Append($"| `{prefix}{name}` | {TypeOf(key!)} | {standard} | {Cell((string?)key!["description"] ?? "")} |\n");
        }
    }

    private static string TypeOf(JsonNode key)
    {
        if (key["enum"] is JsonArray choices)
        {
            return string.Join(", ", choices.Select(c => $"`{c}`"));
        }

        var pattern = (string?)key["pattern"] ?? "";
        var type = pattern == ConfigSchema.Duration ? "duration"
            : pattern == ConfigSchema.Size ? "size"
            : key["type"] is JsonArray several ? string.Join(" or ", several)
            : (string)key["type"]! switch
            {
                "array" => "list of strings",
                "object" when ObjectsOf(key) is not null => "string or object by name",
                "object" when key["properties"] is null => "value by name",
                var other => other,
            };
        return key["maximum"] is { } maximum ? $"{type}, {key["minimum"]} to {maximum}" : type;
    }

    private static JsonObject? ObjectsOf(JsonNode key) =>
        (key["patternProperties"] as JsonObject)?.FirstOrDefault().Value?["oneOf"]?.AsArray().Select(o => o!.AsObject()).FirstOrDefault(o => o["properties"] is not null);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
