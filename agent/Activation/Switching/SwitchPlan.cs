using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Activation.Switching;

/// <summary>From which release to which.</summary>
/// <param name="To">The release to serve.</param>
/// <param name="From">The release to put back when it is bad; null when there is none.</param>
internal sealed record SwitchPlan(ReleaseManifest To, ReleaseManifest? From)
{
    /// <summary>The environment to write for <see cref="To"/>; null keeps the one it has.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Whether <see cref="To"/> is new: then its release commands are run.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Whether <see cref="To"/> is watched after the switch.</summary>
    public required bool IsWatched { get; init; }

    /// <summary>The part of the traffic that <see cref="To"/> gets; null: all of it.</summary>
    public int? Percent { get; init; }
}
