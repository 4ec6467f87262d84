using System.Text.Json.Nodes;
using VpsPilot.Contracts;

namespace VpsPilot.Templates.Catalogue;

/// <summary>Which nixpkgs release has which version of each runtime. The data is compiled in.</summary>
public static class RuntimeCatalogue
{
    /// <summary>Releases that still get fixes, or did until lately. What they have unmarked needs nobody's consent.</summary>
    private static readonly string[] Recent = ["nixos-26.05", "nixos-25.11"];

    private static readonly string[] Known = ["node", "php", "python", "go", "ruby"];

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<RuntimeEntry>> Runtimes = Load();

    /// <summary>The supported versions of a runtime, oldest first; empty for an unknown runtime.</summary>
    public static IReadOnlyList<string> VersionsOf(string runtime) => [.. Supported(runtime).Select(e => e.Version)];

    /// <summary>
    /// Finds a version: as the catalogue has it (<c>20</c>, <c>8.2</c>), a part of it or with a wildcard (<c>3</c>, <c>20.x</c>), more exact than it
    /// (<c>20.11.1</c>, which gets the release line's newest), or a range (<c>&gt;=20 &lt;23</c>, <c>^8.1</c>). Of several that fit, the newest that needs no consent.
    /// </summary>
    /// <param name="runtime">Name of the runtime: <c>node</c>, <c>php</c>, <c>python</c>, <c>go</c>, <c>ruby</c>.</param>
    /// <param name="version">The version as the config has it.</param>
    /// <param name="allowInsecure">The project consents to versions that nixpkgs marks insecure.</param>
    /// <param name="failure">Names the supported versions when there is none like it, or the consent that it needs; else null.</param>
    public static PinnedRuntime? Resolve(string runtime, string version, bool allowInsecure, out Failure? failure)
    {
        failure = null;
        var range = VersionRange.Parse(version);
        var fitting = range is null ? [] : Supported(runtime).Where(e => range.Has(e.Version)).ToList();
        var match = fitting.FindLast(e => !NeedsConsent(e)) ?? fitting.LastOrDefault();
        if (match is null)
        {
            failure = Unknown(runtime, version);
            return null;
        }

        if (!NeedsConsent(match))
        {
            return new PinnedRuntime(runtime, match.Version, match.Attribute, match.Nixpkgs!, []);
        }

        if (allowInsecure)
        {
            return new PinnedRuntime(runtime, match.Version, match.Flagged!.Attribute, match.Flagged.Nixpkgs, match.Flagged.Permits);
        }

        failure = Insecure(runtime, match.Version);
        return null;
    }

    private static bool NeedsConsent(RuntimeEntry entry) => entry.Flagged is not null && !Recent.Contains(entry.Nixpkgs);

    private static IEnumerable<RuntimeEntry> Supported(string runtime) => Runtimes.GetValueOrDefault(runtime, []).Where(e => e.Nixpkgs is not null || e.Flagged is not null);

    private static Failure Insecure(string runtime, string version)
    {
        var safe = Supported(runtime).Where(e => !NeedsConsent(e)).Select(e => e.Version).ToList();
        return new Failure(Stages.Render, FailureKind.Rejected, $"{runtime} {version} is past its end of life and marked insecure: nobody mends its faults any more.")
        {
            Problems = [new Problem($"$.runtime.{runtime}", $"\"{version}\" needs \"nix\": {{ \"allow_insecure\": true }}.")],
            Hint = $"Take another version ({string.Join(", ", safe)}), or set \"nix\": {{ \"allow_insecure\": true }} in config.vpspilot.json to run it all the same.",
        };
    }

    private static Failure Unknown(string runtime, string version)
    {
        var supported = VersionsOf(runtime);
        return new Failure(Stages.Render, FailureKind.Rejected, supported.Count == 0
            ? $"There is no runtime \"{runtime}\". Known: {string.Join(", ", Runtimes.Keys)}."
            : $"{runtime} {version} is not supported. Its neighbours are {string.Join(" and ", Neighbours(supported, version))}; supported are {string.Join(", ", supported)}.")
        {
            Problems = [new Problem($"$.runtime.{runtime}", $"\"{version}\" is not a supported version{(supported.Count == 0 ? "" : $"; supported are {string.Join(", ", supported)}")}.")],
            Hint = supported.Count == 0 ? null : $"Set \"runtime\": {{ \"{runtime}\": \"{Neighbours(supported, version)[^1]}\" }} in config.vpspilot.json.",
        };
    }

    /// <summary>The nearest older version and the nearest newer one; one of them at an end.</summary>
    private static IReadOnlyList<string> Neighbours(IReadOnlyList<string> supported, string wanted)
    {
        var target = Sortable(string.Concat(wanted.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')));
        return [.. new[] { supported.LastOrDefault(v => Sortable(v) < target), supported.FirstOrDefault(v => Sortable(v) >= target) }.OfType<string>()];
    }

    /// <summary><c>8.2</c> as 8.02, <c>3.11</c> as 3.11.</summary>
    private static double Sortable(string version)
    {
        var parts = version.Split('.');
        return (int.TryParse(parts[0], out var major) ? major : 0) + (parts.Length > 1 && int.TryParse(parts[1], out var minor) ? minor / 100.0 : 0);
    }

    private static Dictionary<string, IReadOnlyList<RuntimeEntry>> Load()
    {
        using var stream = Resources.Open("Catalogue.runtime-catalogue.json");
        var document = JsonNode.Parse(stream)!.AsObject();
        return Known.ToDictionary(
            r => r,
            r => (IReadOnlyList<RuntimeEntry>)[.. document[r]!.AsObject().Select(e => RuntimeEntry.Read(e.Key, e.Value!)).OrderBy(e => Sortable(e.Version))],
            StringComparer.Ordinal);
    }
}

/// <summary>A runtime version that the catalogue knows.</summary>
/// <param name="Runtime">Name of the runtime.</param>
/// <param name="Version">Version as the catalogue has it.</param>
/// <param name="Attribute">Attribute in that nixpkgs.</param>
/// <param name="Nixpkgs">Branch of nixpkgs, for example <c>nixos-25.11</c>.</param>
/// <param name="Permits">Names of the insecure packages that it needs allowed.</param>
public sealed record PinnedRuntime(string Runtime, string Version, string Attribute, string Nixpkgs, IReadOnlyList<string> Permits);

/// <summary>An entry of the catalogue.</summary>
internal sealed record RuntimeEntry(string Version, string Attribute, string? Nixpkgs, FlaggedRuntime? Flagged)
{
    public static RuntimeEntry Read(string version, JsonNode entry) => new(
        version,
        (string)entry["attr"]!,
        (string?)entry["nixpkgs"],
        entry["flagged"] is { } flagged
            ? new((string)flagged["attr"]!, (string)flagged["nixpkgs"]!, [.. flagged["permittedInsecurePackages"]!.AsArray().Select(p => (string)p!)])
            : null);
}

/// <summary>A newer nixpkgs that has the version only with consent.</summary>
internal sealed record FlaggedRuntime(string Attribute, string Nixpkgs, IReadOnlyList<string> Permits);
