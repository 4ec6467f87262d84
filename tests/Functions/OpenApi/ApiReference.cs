using System.Text;
using System.Text.Json.Nodes;

namespace VpsPilot.Functions.Tests.OpenApi;

/// <summary>The OpenAPI document as a page for people: calls by resource, then the shapes that they take and answer.</summary>
internal static class ApiReference
{
    private const string Introduction = """
        # Reference of the HTTP API
        Every call and every shape, made from [openapi.json](openapi.json) by a test that also keeps it in step. What the calls do together, and the codes of problems, is told in [api.md](api.md).

        *Open* calls need no token; the others need one of the role that is named, or of a stronger one. Lists take `limit` and `cursor`. A problem is answered as `application/problem+json` in the shape [ProblemDocument](#problemdocument).

        """;

    /// <summary>Markdown of an OpenAPI document.</summary>
    public static string Write(JsonNode document)
    {
        var page = new StringBuilder(Introduction);
        var calls = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(verb => (Path: path.Key, Verb: verb.Key, Call: verb.Value!)));
        foreach (var group in calls.GroupBy(c => (string)c.Call["tags"]![0]!).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {group.Key}\n\n| call | role | body | answer | what |\n|---|---|---|---|---|\n");
            foreach (var (path, verb, call) in group)
            {
                page.Append($"| `{verb.ToUpperInvariant()} {path}`{Parameters(call)} | {(string?)call["x-role"] ?? "*open*"} | {Body(call["requestBody"])} | {Answer(call)} | {call["summary"]} |\n");
            }
        }

        page.Append("\n# Shapes\nA property with `?` may be missing or null.\n");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            page.Append($"\n## {name}\n\n| property | type |\n|---|---|\n");
            var required = schema!["required"]?.AsArray().Select(r => (string)r!).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var (property, shape) in schema["properties"]!.AsObject())
            {
                page.Append($"| `{property}`{(required.Contains(property) ? "" : "?")} | {TypeOf(shape!)} |\n");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Parameters(JsonNode call)
    {
        List<string> named = [];
        foreach (var parameter in call["parameters"]?.AsArray() ?? [])
        {
            if ((string)parameter!["in"]! is "query" or "header")
            {
                named.Add($"`{parameter["name"]}`");
            }
        }

        return named.Count == 0 ? "" : $"<br>{string.Join(", ", named)}";
    }

    private static string Answer(JsonNode call)
    {
        var (status, response) = call["responses"]!.AsObject().First(r => r.Key != "default");
        return $"{status} {Body(response)}".TrimEnd();
    }

    private static string Body(JsonNode? carrier) => carrier?["content"]?.AsObject().FirstOrDefault() switch
    {
        { Value: null } or null => "",
        { Key: "application/json" } json => TypeOf(json.Value!["schema"]!),
        { } other => $"`{other.Key}`",
    };

    private static string TypeOf(JsonNode schema)
    {
        // An open schema is `true`: any JSON.
        if (schema is not JsonObject)
        {
            return "any";
        }

        if ((string?)schema["$ref"] is { } reference)
        {
            var name = reference.Split('/')[^1];
            return $"[{name}](#{name.ToLowerInvariant()})";
        }

        if (schema["enum"] is JsonArray choices)
        {
            return string.Join(", ", choices.Where(c => c is not null).Select(c => $"`{c}`"));
        }

        if (schema["anyOf"] is JsonArray several)
        {
            return string.Join(" or ", several.Where(s => s!["type"] is not JsonValue type || (string?)type != "null").Select(s => TypeOf(s!)));
        }

        var type = schema["type"] switch
        {
            JsonArray types => string.Join(" or ", types.Where(t => (string?)t != "null")),
            JsonValue one => (string)one!,
            _ => "any",
        };
        return type switch
        {
            "array" => $"list of {TypeOf(schema["items"]!)}",
            "object" when schema["additionalProperties"] is JsonObject values => $"map of {TypeOf(values)}",
            "string" when (string?)schema["format"] is { } format => format,
            _ => type,
        };
    }
}
