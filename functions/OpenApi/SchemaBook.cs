using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VpsPilot.Contracts;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.OpenApi;

/// <summary>JSON Schemas of the types that the API reads and writes, taken from the very metadata that serializes them. Each object type stands once, under its name.</summary>
internal sealed class SchemaBook
{
    private static readonly JsonSerializerContext[] Contexts =
    [
        .. new[] { typeof(SchemaBook).Assembly, typeof(ContractsJson).Assembly }
            .SelectMany(a => a.GetTypes())
            .Where(t => t.IsSubclassOf(typeof(JsonSerializerContext)))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .Select(t => (JsonSerializerContext)t.GetProperty("Default")!.GetValue(null)!),
    ];

    private readonly SortedDictionary<string, JsonNode> schemas = new(StringComparer.Ordinal);

    /// <summary>All schemas so far, by name.</summary>
    public JsonObject Components => new(schemas.Select(s => new KeyValuePair<string, JsonNode?>(s.Key, s.Value.DeepClone())));

    /// <summary>A reference to the schema of a type.</summary>
    /// <exception cref="InvalidOperationException">No source-generated context knows the type.</exception>
    public JsonNode ReferenceTo(Type type)
    {
        var info = Contexts.Select(c => c.GetTypeInfo(type)).FirstOrDefault(i => i is not null) ?? throw new InvalidOperationException($"No JSON context knows {type}.");
        return info.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object || schema is not JsonObject described)
        {
            return schema;
        }

        var isNullable = described["type"] is JsonArray;
        var name = NameOf(context.TypeInfo.Type);
        if (!schemas.ContainsKey(name))
        {
            var own = described.DeepClone().AsObject();
            own["type"] = "object";
            schemas[name] = own;
        }

        var reference = new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
        return isNullable && !context.Path.IsEmpty ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static string NameOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>) ? $"{NameOf(type.GetGenericArguments()[0])}Page" : type.Name;
    }
}
