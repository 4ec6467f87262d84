using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Rendering;

/// <summary>A release of nixpkgs as an input of a flake.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Url">Its URL.</param>
/// <param name="Permits">Insecure packages that the project allows in it.</param>
internal sealed record PackageSet(string Name, string Url, IReadOnlyList<string> Permits)
{
    /// <summary>The sets that the runtimes come from. Where all of these are old, and for static sites, the newest set is there too, for tools.</summary>
    public static IReadOnlyList<PackageSet> Of(IReadOnlyList<PinnedRuntime> runtimes, ProjectType type)
    {
        var releases = runtimes.Select(r => r.Nixpkgs).ToList();
        if (type == ProjectType.Static || !releases.Exists(r => string.CompareOrdinal(r, NixpkgsRelease.OldestForTools) >= 0))
        {
            releases.Insert(0, NixpkgsRelease.Default);
        }

        return
        [
            .. releases.Distinct(StringComparer.Ordinal).Select(release => new PackageSet(
                NixpkgsRelease.InputName(release),
                NixpkgsRelease.Url(release),
                [.. runtimes.Where(r => r.Nixpkgs == release).SelectMany(r => r.Permits).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])),
        ];
    }
}
