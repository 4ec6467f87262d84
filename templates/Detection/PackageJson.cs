using System.Text.Json;
using System.Text.Json.Nodes;

namespace VpsPilot.Templates.Detection;

/// <summary>What matters of a <c>package.json</c>.</summary>
internal sealed record PackageJson
{
    public string? Start { get; private init; }

    public string? Build { get; private init; }

    public string? Main { get; private init; }

    /// <summary><c>engines.node</c>.</summary>
    public string? Node { get; private init; }

    /// <summary><c>packageManager</c>: name, version and perhaps a hash.</summary>
    public string? Manager { get; private init; }

    public bool DependsOnVite { get; private init; }

    /// <summary>Null when there is none, or it is not JSON (the package manager will say so better).</summary>
    public static PackageJson? Of(SourceFiles files)
    {
        try
        {
            if (!files.Has("package.json") || JsonNode.Parse(files.Read("package.json") ?? "null") is not JsonObject root)
            {
                return null;
            }

            return new PackageJson
            {
                Start = Text(root, "scripts", "start"),
                Build = Text(root, "scripts", "build"),
                Main = Text(root, "main"),
                Node = Text(root, "engines", "node"),
                Manager = Text(root, "packageManager"),
                DependsOnVite = Text(root, "devDependencies", "vite") is not null || Text(root, "dependencies", "vite") is not null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode node, params ReadOnlySpan<string> path)
    {
        JsonNode? found = node;
        foreach (var name in path)
        {
            found = (found as JsonObject)?[name];
        }

        return found is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
