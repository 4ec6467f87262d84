using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Defaults;

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

/// <summary>Reads a config as an agent does: the same reader, the same defaults.</summary>
internal static class ConfigCheck
{
    /// <param name="file">The config.</param>
    /// <param name="top">Top of the repository, which <c>root</c> begins at.</param>
    public static ConfigReport Of(string file, string top)
    {
        var shown = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        var (config, failure) = ConfigParser.Parse(File.ReadAllBytes(file));
        if (config is null)
        {
            return new(shown, false, failure!.Problems is { Count: > 0 } problems ? problems : [new Problem("$", failure.Message)], []) { Hint = "All keys are in docs/config.md" };
        }

        var app = Path.GetFullPath(Path.Combine(top, config.Root));
        if (!Directory.Exists(app))
        {
            return new(shown, false, [new Problem("$.root", $"There is no folder '{config.Root}' in the repository.")], []);
        }

        var (filled, notes, missing) = ProjectDefaults.Apply(config, AppFiles.Of(app));
        if (missing is not null)
        {
            return new(shown, false, missing.Problems, notes) { Hint = missing.Hint };
        }

        Placeholders.Resolve(filled.Env, new Dictionary<string, string>(StringComparer.Ordinal), out var unset);
        return new(shown, true, [], notes) { Config = filled, Secrets = [.. (unset?.Problems ?? []).Select(p => p.Message.Split(' ')[2]).Distinct(StringComparer.Ordinal)] };
    }
}

/// <summary>Source-generated JSON of reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
