using System.Text.Json.Nodes;

namespace VpsPilot.Infra.Tests;

/// <summary>All resources of a compiled template and of the templates in it.</summary>
internal static class TemplateResources
{
    /// <summary>Type and name of each, the name as Azure gets it; of a child its own part of it.</summary>
    /// <param name="template">The template.</param>
    /// <param name="parameters">Values of its parameters; those without one have their default.</param>
    public static IEnumerable<(string Type, string Name)> Of(JsonObject template, IReadOnlyDictionary<string, string> parameters)
    {
        var expression = new TemplateExpression(template, parameters);
        foreach (var resource in Resources(template))
        {
            if ((bool?)resource["existing"] == true)
                continue;
            yield return ((string)resource["type"]!, expression.Resolve((string)resource["name"]!).Split('/')[^1]);
            if (resource["properties"]?["template"] is not JsonObject inner)
                continue;
            foreach (var found in Of(inner, Given(resource, expression)))
                yield return found;
        }
    }

    /// <summary>A list, or an object where the template has names of its own for its resources.</summary>
    private static IEnumerable<JsonObject> Resources(JsonObject template) => template["resources"] switch
    {
        JsonArray list => list.Select(r => r!.AsObject()),
        JsonObject named => named.Select(r => r.Value!.AsObject()),
        _ => [],
    };

    /// <summary>Texts only: names are made of nothing else, and what other modules put out is known to Azure alone.</summary>
    private static Dictionary<string, string> Given(JsonObject resource, TemplateExpression expression)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, parameter) in resource["properties"]!["parameters"]?.AsObject() ?? [])
        {
            if (parameter!["value"] is JsonValue value && value.TryGetValue<string>(out var text) && !text.Contains("reference(", StringComparison.Ordinal))
                given[name] = expression.Resolve(text);
        }

        return given;
    }
}
