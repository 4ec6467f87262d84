using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config.Schema;

/// <summary>The JSON Schema of the config: shapes and defaults from the model, descriptions from its documentation comments, limits from <see cref="Limits"/>.</summary>
internal static class ConfigSchema
{
    internal const string Duration = "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)?$";
    internal const string Size = "^(?=[0-9.]*[1-9])[0-9]+(\\.[0-9]+)?[KMGTkmgt]?(i?B)?$";

    public static JsonObject Generate()
    {
        var root = Object(typeof(ProjectConfig), new ProjectConfig(), "");
        root["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "Address of this schema, for editors." });
        var position = 0;
        foreach (var (name, text) in new[]
        {
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("title", "config.vpspilot.json"),
            ("description", Documentation.Of(typeof(ProjectConfig))),
        })
            root.Insert(position++, name, text);
        return root;
    }

    /// <summary>Paths of all keys, as the parser reports them.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Keys(JsonObject schema, string path = "$")
    {
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
        {
            var key = value!.AsObject();
            yield return ($"{path}.{name}", key);
            foreach (var inner in Keys(key, $"{path}.{name}"))
                yield return inner;
        }
    }

    private static JsonObject Object(Type type, object? standard, string path)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            properties[name] = Key(property, standard is null ? null : property.GetValue(standard), path + "/" + name);
            if (property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null)
                required.Add(name);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
            schema["required"] = required;
        return schema;
    }

    private static JsonObject Key(PropertyInfo property, object? standard, string path)
    {
        var schema = Shape(property.PropertyType, standard, path);
        schema.Insert(0, "description", Documentation.Of(property));
        if (Default(standard) is { } value)
            schema["default"] = value;
        if (Limits.Of(path) is var (min, max))
            (schema["minimum"], schema["maximum"]) = (min, max);
        if (path == "/deployment/health_check")
            schema["not"] = new JsonObject { ["anyOf"] = Pairs("path", "url", "command", "tcp") };
        return schema;
    }

    private static JsonObject Shape(Type type, object? standard, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return new JsonObject { ["enum"] = new JsonArray([.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (JsonNode)f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name)]) };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int))
            return new JsonObject { ["type"] = "integer" };
        if (type == typeof(TimeSpan))
            return new JsonObject { ["type"] = new JsonArray("number", "string"), ["minimum"] = 0, ["pattern"] = Duration };
        if (type == typeof(long))
            return new JsonObject { ["type"] = new JsonArray("integer", "string"), ["minimum"] = 1, ["pattern"] = Size };
        if (type == typeof(string))
            return path == "/resources/restart" ? new JsonObject { ["enum"] = new JsonArray("always", "on-failure", "no") } : new JsonObject { ["type"] = "string", ["minLength"] = 1, ["pattern"] = Patterns.OfText(path) };
        if (type == typeof(IReadOnlyList<string>))
            return new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["pattern"] = Patterns.OfItem(path) } };
        if (path == "/runtime")
            return Runtimes();
        if (type == typeof(IReadOnlyDictionary<string, string>))
            return ByName(path, new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") });
        if (type == typeof(IReadOnlyDictionary<string, ProcessConfig>))
        {
            var process = Object(typeof(ProcessConfig), new ProcessConfig { Command = "" }, path + "/*");
            process["properties"]!["command"]!.AsObject().Remove("default");
            return ByName(path, new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["minLength"] = 1, ["pattern"] = Patterns.Line }, process) });
        }

        return Object(type, standard, path);
    }

    /// <summary>A map whose names have a rule.</summary>
    private static JsonObject ByName(string path, JsonObject value) => new()
    {
        ["type"] = "object",
        ["patternProperties"] = new JsonObject { [Patterns.OfKey(path)] = value },
        ["additionalProperties"] = false,
    };

    private static JsonObject Runtimes() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(new[] { "node", "nodejs", "php", "python", "go", "ruby" }.Select(r => KeyValuePair.Create(r, (JsonNode?)new JsonObject { ["type"] = new JsonArray("string", "number"), ["description"] = $"Version of {r}: \"20\", \"8.2\", \"20.x\", \">=20 <23\"." }))),
        ["additionalProperties"] = false,
    };

    private static JsonArray Pairs(params string[] names) =>
        [.. names.SelectMany((a, i) => names[(i + 1)..].Select(b => (JsonNode)new JsonObject { ["required"] = new JsonArray(a, b) }))];

    private static JsonNode? Default(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        int number => number,
        "" => null,
        string text => text,
        TimeSpan { TotalSeconds: var seconds } => seconds == (long)seconds ? $"{seconds}s" : $"{seconds * 1000}ms",
        Enum choice => choice.GetType().GetField(choice.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name,
        _ => null,
    };
}
