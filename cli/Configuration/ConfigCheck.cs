using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Checks;

namespace VpsPilot.Cli.Configuration;

/// <summary>What a look at a config came to, as a node would say it of a commit.</summary>
/// <param name="File">The file.</param>
/// <param name="Valid">It can be deployed, as far as that can be told here.</param>
/// <param name="Problems">Every mistake, with its line where it has one.</param>
/// <param name="Notes">What was told by the app's files rather than the config.</param>
internal sealed record ConfigReport(string File, bool Valid, IReadOnlyList<Problem> Problems, IReadOnlyList<string> Notes)
{
    /// <summary>The next thing to do, where there are mistakes.</summary>
    public string? Hint { get; init; }

    /// <summary>Names of the secret values that must be set.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The config with its defaults; null with mistakes.</summary>
    [JsonIgnore]
    public ProjectConfig? Config { get; init; }

    [JsonIgnore]
    public string Json => JsonSerializer.Serialize(this, ReportJson.Default.ConfigReport);
}

/// <summary>Reads a config as an agent does: the same reader, the same defaults, the same runtimes.</summary>
internal static class ConfigCheck
{
    /// <param name="file">The config.</param>
    /// <param name="top">Top of the repository, which <c>root</c> begins at.</param>
    public static ConfigReport Of(string file, string top)
    {
        var shown = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        var app = AppCheck.Of(File.ReadAllBytes(file), root => Path.GetFullPath(Path.Combine(top, root)) is var folder && Directory.Exists(folder) ? AppFiles.Of(folder) : null);
        if (app.Together() is { } failure)
        {
            return new(shown, false, failure.Problems is { Count: > 0 } problems ? problems : [new Problem("$", failure.Message)], app.Notes)
            {
                // What is said for a commit that was pushed is no help before.
                Hint = string.Join(" ", app.Failures.Select(f => f.Hint is { } hint && !hint.EndsWith("push again.", StringComparison.Ordinal) ? hint : "All keys are in docs/config.md.").Distinct(StringComparer.Ordinal)),
            };
        }

        Placeholders.Resolve(app.Config.Env, new Dictionary<string, string>(StringComparer.Ordinal), out var unset);
        return new(shown, true, [], app.Notes) { Config = app.Config, Secrets = [.. (unset?.Problems ?? []).Select(p => p.Message.Split(' ')[2]).Distinct(StringComparer.Ordinal)] };
    }
}

/// <summary>Source-generated JSON of reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
