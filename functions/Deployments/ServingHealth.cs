using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments;

/// <summary>Whether the release that a node names serves in fact.</summary>
internal static class ServingHealth
{
    /// <summary>Why it does not, as the end of a sentence; null when it does, or when the node does not say.</summary>
    public static string? Mistake(this ServingRelease serving) => serving switch
    {
        { UnitState: { } state } when state is not ("active" or "reloading" or "unknown") => $"its unit is {state}",
        // Where two releases share the traffic, either may answer.
        { Traffic: not null, TrafficPercent: null, AnsweredBy: null } => "through the edge it does not answer",
        { TrafficPercent: null, AnsweredBy: { } other } when other != serving.ReleaseId => $"through the edge release {other} answers",
        _ => null,
    };
}
