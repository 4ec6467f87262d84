using VpsPilot.Cli.Api;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>Stages and states in words.</summary>
internal static class StepWords
{
    public static string Of(StageState state) => state switch
    {
        StageState.Started => "runs",
        StageState.Completed => "done",
        StageState.Failed => "failed",
        _ => "skipped",
    };

    /// <summary>What the deployment does now, in one line.</summary>
    public static string Of(DeploymentView deployment) => deployment.Canary switch
    {
        { State: "waiting-for-approval" } canary => $"{string.Join(", ", canary.Nodes)}: good so far, waiting for your word: vpspilot approve {deployment.Id}",
        { State: "baking" } canary => $"{deployment.Status}, {string.Join(", ", canary.Nodes)} first",
        _ => deployment.Status,
    };

    /// <summary>How long a stage took, or has been running.</summary>
    public static TimeSpan Elapsed(StepView step, DeploymentProgress progress) => step.DurationMilliseconds is { } milliseconds
        ? TimeSpan.FromMilliseconds(milliseconds)
        : TimeProvider.System.GetUtcNow() + progress.Ahead - step.StartedAt is var running && running > TimeSpan.Zero ? running : TimeSpan.Zero;
}
