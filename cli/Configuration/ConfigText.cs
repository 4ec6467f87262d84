using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Cli.Configuration;

/// <summary>Writes a new config, with a comment for each thing that people change first.</summary>
internal static class ConfigText
{
    /// <param name="type">Type of the app, as the config names it.</param>
    /// <param name="reason">What told the type.</param>
    /// <param name="start">Start command to be written; null where the type and the files tell it.</param>
    /// <param name="filled">The config with its defaults, which the comments show.</param>
    /// <param name="schema">Address of the schema; null for none.</param>
    public static string Write(string type, string reason, string? start, ProjectConfig filled, string? schema)
    {
        var text = new StringBuilder("{\n");
        if (schema is not null)
        {
            text.Append("  // For editors: they complete and check what you write.\n").Append($"  \"$schema\": {Text(schema)},\n\n");
        }

        text.Append($"  // What the app is; told by {reason}.\n").Append($"  \"type\": {Text(type)},\n");
        if (filled.Runtime.Count > 0)
        {
            text.Append("\n  // Versions of what it runs on.\n").Append($"  \"runtime\": {{ {string.Join(", ", filled.Runtime.Select(r => $"{Text(r.Key)}: {Text(r.Value)}"))} }},\n");
        }

        if (start is not null)
        {
            text.Append("\n  // How it is started. It must listen on 127.0.0.1:$PORT.\n").Append($"  \"start\": {{ \"command\": {Text(start)} }},\n");
        }

        text.Append("\n  // What follows is as it would be without a word of it; take the slashes away to change it.\n");
        text.Append($"  // \"build\": {{ \"commands\": [{string.Join(", ", (filled.Build.Commands ?? []).Select(Text))}] }},\n");
        if (start is null && filled.Start.Command is { } command && !command.Contains('\n'))
        {
            text.Append($"  // \"start\": {{ \"command\": {Text(command)} }},\n");
        }

        text.Append("  // \"deployment\": { \"health_check\": { \"path\": \"/\" }, \"watch\": \"60s\", \"keep_releases\": 5 },\n");
        return text.Append("""

              // Examples. A failing test ends a deployment before anything that runs is touched.
              // "test": { "commands": ["make test"] },
              // Commands in the new release before it gets traffic, such as migrations.
              // "release": { "commands": ["make migrate"] },
              // {{NAME}} is a secret value: vpspilot env set NAME
              // "env": { "DATABASE_URL": "{{DATABASE_URL}}" },
              // Paths that outlive a release.
              // "persist": ["uploads/"],
              // Where the app is reached: by names, with HTTPS by itself, or at a port.
              // "domains": ["shop.example.org"],
              // "resources": { "memory_max": "512M" },
            }

            """.ReplaceLineEndings("\n")).ToString();
    }

    private static string Text(string text) => JsonSerializer.Serialize(text, TextJson.Plain.String);
}

/// <summary>JSON of texts, with quotes and other signs as people write them.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext
{
    public static readonly TextJson Plain = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
