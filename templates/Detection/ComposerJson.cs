using System.Text.Json;
using System.Text.Json.Nodes;

namespace VpsPilot.Templates.Detection;

/// <summary>What matters of a <c>composer.json</c>.</summary>
internal static class ComposerJson
{
    /// <summary><c>require</c>: constraints by package; <c>php</c> and <c>ext-NAME</c> are the platform's. Empty when there is none, or it is not JSON (Composer will say so better).</summary>
    public static IReadOnlyDictionary<string, string> RequiredBy(SourceFiles files)
    {
        var required = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (files.Has("composer.json") && JsonNode.Parse(files.Read("composer.json") ?? "null") is JsonObject root && root["require"] is JsonObject packages)
            {
                foreach (var (name, constraint) in packages)
                {
                    required[name] = constraint is JsonValue value && value.TryGetValue<string>(out var text) ? text : "*";
                }
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            required.Clear();
        }

        return required;
    }
}
