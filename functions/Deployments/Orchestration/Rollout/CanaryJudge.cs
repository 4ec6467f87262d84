using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Orchestration.Rollout;

/// <summary>What the numbers of a canary say.</summary>
internal static class CanaryJudge
{
    /// <summary>The step that failures of a canary name.</summary>
    public const string Step = "canary";

    /// <summary>Fewer answers than this say nothing.</summary>
    public const int FewestAnswers = 20;

    /// <summary>Why the canary is given up; null when nothing speaks against it.</summary>
    /// <param name="config">The limits.</param>
    /// <param name="canary">Answers of the first nodes since the switch.</param>
    /// <param name="others">Answers of the other nodes in the same time.</param>
    public static Failure? Judge(CanaryConfig config, TrafficCount canary, TrafficCount others)
    {
        if (canary.Answers < FewestAnswers)
        {
            return null;
        }

        var share = Percent(canary);
        if (share > config.MaxErrorRate)
        {
            return Bad($"{canary.Errors} of {canary.Answers} answers of the nodes that went first were errors, more than {config.MaxErrorRate} percent.");
        }

        return config.MaxErrorRateAboveOthers is { } most && others.Answers >= FewestAnswers && share - Percent(others) > most
            ? Bad($"{canary.Errors} of {canary.Answers} answers of the nodes that went first were errors, and {others.Errors} of {others.Answers} of the others: more than {most} percent points apart.")
            : null;
    }

    /// <summary>What was counted since <paramref name="before"/>. A counter that was set back counts from zero.</summary>
    public static TrafficCount Since(TrafficCount? before, TrafficCount now) =>
        before is null || before.Answers > now.Answers || before.Errors > now.Errors ? now : new(now.Answers - before.Answers, now.Errors - before.Errors);

    public static Failure Bad(string message) => new(Step, FailureKind.Unhealthy, message);

    private static double Percent(TrafficCount traffic) => 100.0 * traffic.Errors / traffic.Answers;
}
