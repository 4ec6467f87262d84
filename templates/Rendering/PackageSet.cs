using VpsPilot.Contracts.Config;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Rendering;

/// <summary>A release of nixpkgs as an input of a flake.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Url">Its URL.</param>
/// <param name="Permits">Insecure packages that the project allows in it.</param>
internal sealed record PackageSet(string Name, string Url, IReadOnlyList<string> Permits)
{
    /// <summary>The sets that the runtimes come from. Static sites also get the newest, whatever builds them.</summary>
    public static IReadOnlyList<PackageSet> Of(IReadOnlyList<PinnedRuntime> runtimes, ProjectType type)
    {
        var releases = runtimes.Select(r => r.Nixpkgs);
        releases = type == ProjectType.Static ? releases.Prepend(NixpkgsRelease.Default) : releases.DefaultIfEmpty(NixpkgsRelease.Default);
        return
        [
            .. releases.Distinct(StringComparer.Ordinal).Select(release => new PackageSet(
                NixpkgsRelease.InputName(release),
                NixpkgsRelease.Url(release),
                [.. runtimes.Where(r => r.Nixpkgs == release).SelectMany(r => r.Permits).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])),
        ];
    }
}
