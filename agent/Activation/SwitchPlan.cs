using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Activation;

/// <summary>From which release to which.</summary>
/// <param name="To">The release to serve.</param>
/// <param name="From">The release to put back when it is bad; null when there is none.</param>
internal sealed record SwitchPlan(ReleaseManifest To, ReleaseManifest? From)
{
    /// <summary>The environment to write for <see cref="To"/>; null keeps the one it has.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Whether <see cref="To"/> is new: its release commands are run, and it is watched after the switch.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Whether <see cref="To"/> is watched although it is not new, as when a person goes back to it.</summary>
    public bool IsWatched { get; init; }
}
