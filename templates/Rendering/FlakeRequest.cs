using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Templates.Rendering;

/// <summary>What a flake is rendered from.</summary>
/// <param name="ProjectId">Id of the project; becomes part of store path names.</param>
/// <param name="Config">The config, with the type's defaults applied.</param>
public sealed record FlakeRequest(string ProjectId, ProjectConfig Config)
{
    /// <summary>
    /// Store path of the compiled tree, named <c>…-source</c>. Null renders the environment only (<c>.#env</c>); with it the flake also has <c>.#default</c>.
    /// </summary>
    public string? AppStorePath { get; init; }

    /// <summary>For <c>custom</c>, without <see cref="AppStorePath"/>: store path of the tree as it was fetched, named <c>…-source</c>; its flake's <c>env</c> is part of the environment.</summary>
    public string? FlakeStorePath { get; init; }

    /// <summary>Where the app keeps what outlives a release, absolute; its programs find it as <c>VPSPILOT_DATA</c>.</summary>
    public string DataDirectory { get; init; } = "";
}

/// <summary>A rendered flake, or why there is none: exactly one of the two is not null.</summary>
/// <param name="Flake">The flake.</param>
/// <param name="Failure">Why there is none.</param>
public sealed record FlakeResult(RenderedFlake? Flake, Failure? Failure);

/// <summary>A rendered flake.</summary>
/// <param name="Text">Content of <c>flake.nix</c>.</param>
/// <param name="NixpkgsInputs">Names of its nixpkgs inputs, which a site may override.</param>
public sealed record RenderedFlake(string Text, IReadOnlyList<string> NixpkgsInputs)
{
    /// <summary>It has the app's own flake as an input, which evaluates what others wrote.</summary>
    public bool HasForeignFlake { get; init; }
}
