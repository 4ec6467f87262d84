using VpsPilot.Agent.Releases;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Activation.Health;

/// <summary>The app that is asked.</summary>
internal sealed record WatchedApp(string ProjectId, string ReleaseId, string Unit, int Port, ProjectConfig Config, LogMark LogMark)
{
    public required Slot Slot { get; init; }

    /// <summary>The release's environment.</summary>
    public required string EnvironmentFile { get; init; }

    /// <summary>The release.</summary>
    public required string StorePath { get; init; }
}
