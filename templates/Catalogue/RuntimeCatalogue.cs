using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Contracts;

namespace VpsPilot.Templates.Catalogue;

/// <summary>Which nixpkgs release has which version of each runtime. The data is compiled in.</summary>
public static class RuntimeCatalogue
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, RuntimeEntry>> Runtimes = Load();

    /// <summary>The supported versions of a runtime, oldest first; empty for an unknown runtime.</summary>
    public static IReadOnlyList<string> VersionsOf(string runtime) =>
        Runtimes.TryGetValue(runtime, out var versions)
            ? [.. versions.Where(v => v.Value.Nixpkgs is not null).Select(v => v.Key).OrderBy(Sortable)]
            : [];

    /// <summary>Finds a version: as the catalogue has it (<c>20</c>, <c>8.2</c>), with a wildcard (<c>20.x</c>), or more exact than it (<c>20.11.1</c>), which gets the release line's newest.</summary>
    /// <param name="runtime">Name of the runtime: <c>node</c>, <c>php</c>, <c>python</c>, <c>go</c>, <c>ruby</c>.</param>
    /// <param name="version">The version as the config has it.</param>
    /// <param name="failure">Names the supported versions when there is none like it; else null.</param>
    public static PinnedRuntime? Resolve(string runtime, string version, out Failure? failure)
    {
        failure = null;
        var wanted = version.Trim().TrimStart('v').Replace(".x", "", StringComparison.OrdinalIgnoreCase).Replace(".*", "", StringComparison.Ordinal);
        var match = Runtimes.GetValueOrDefault(runtime)?
            .Where(e => e.Value.Nixpkgs is not null && (wanted == e.Key || wanted.StartsWith(e.Key + ".", StringComparison.Ordinal)))
            .OrderByDescending(e => e.Key.Length)
            .FirstOrDefault();
        if (match is { Key: { } key, Value: { Nixpkgs: { } nixpkgs } entry })
        {
            return new PinnedRuntime(runtime, key, entry.Attr, nixpkgs);
        }

        var supported = VersionsOf(runtime);
        failure = new Failure(Stages.Render, FailureKind.Rejected, supported.Count == 0
            ? $"There is no runtime \"{runtime}\". Known: {string.Join(", ", Runtimes.Keys)}."
            : $"{runtime} {version} is not supported. Supported: {string.Join(", ", supported)}.")
        {
            Problems = [new Problem($"$.runtime.{runtime}", $"\"{version}\" is not a supported version.")],
            Hint = supported.Count == 0 ? null : $"Set \"runtime\": {{ \"{runtime}\": \"{Nearest(supported, wanted)}\" }} in config.vpspilot.json.",
        };
        return null;
    }

    private static string Nearest(IReadOnlyList<string> supported, string wanted)
    {
        var target = Sortable(wanted);
        return supported.MinBy(v => Math.Abs(Sortable(v) - target))!;
    }

    /// <summary><c>8.2</c> as 8.02, <c>3.11</c> as 3.11.</summary>
    private static double Sortable(string version)
    {
        var parts = version.Split('.');
        return (int.TryParse(parts[0], out var major) ? major : 0) + (parts.Length > 1 && int.TryParse(parts[1], out var minor) ? minor / 100.0 : 0);
    }

    private static Dictionary<string, IReadOnlyDictionary<string, RuntimeEntry>> Load()
    {
        using var stream = Resources.Open("Catalogue.runtime-catalogue.json");
        return JsonSerializer.Deserialize(stream, CatalogueJson.Default.DictionaryStringDictionaryStringRuntimeEntry)!
            .ToDictionary(r => r.Key, r => (IReadOnlyDictionary<string, RuntimeEntry>)r.Value, StringComparer.Ordinal);
    }
}

/// <summary>A runtime version that the catalogue knows.</summary>
/// <param name="Runtime">Name of the runtime.</param>
/// <param name="Version">Version as the catalogue has it.</param>
/// <param name="Attribute">Attribute in that nixpkgs.</param>
/// <param name="Nixpkgs">Branch of nixpkgs, for example <c>nixos-25.11</c>.</param>
public sealed record PinnedRuntime(string Runtime, string Version, string Attribute, string Nixpkgs);

internal sealed record RuntimeEntry(string Attr, string? Nixpkgs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, RuntimeEntry>>))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
