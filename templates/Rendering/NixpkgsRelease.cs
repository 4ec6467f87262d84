namespace VpsPilot.Templates.Rendering;

/// <summary>Branches of nixpkgs as flake inputs.</summary>
internal static class NixpkgsRelease
{
    /// <summary>Where tools come from when no runtime decides it.</summary>
    public const string Default = "nixos-26.05";

    /// <summary>Tools, git and certificates among them, come from no older branch: nobody mends it. Names of branches sort by age.</summary>
    public const string OldestForTools = "nixos-24.11";

    /// <summary><c>nixos-25.11</c> is <c>nixpkgs-25_11</c>: a name that needs no quotes in Nix.</summary>
    public static string InputName(string release) => "nixpkgs-" + release.Replace("nixos-", "", StringComparison.Ordinal).Replace('.', '_');

    public static string Url(string release) => $"github:NixOS/nixpkgs/{release}";
}
