using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>How deployments end, and the one line that says so.</summary>
internal static class Endings
{
    public static DeploymentEnd Stopped(string id, StopRequest stop) => stop.Kind == StopKind.Superseded
        ? End(id, DeploymentStatus.Superseded, null, $"Superseded by deployment {stop.By}.")
        : End(id, DeploymentStatus.Canceled, null, $"Canceled by {stop.By}.");

    public static DeploymentEnd Failed(string id, Failure failure, string? node, int nodes) =>
        End(id, DeploymentStatus.Failed, failure, OnNode(failure, node, nodes) + " Nothing that serves was touched.");

    /// <summary>A rollback that did not work on some node.</summary>
    public static DeploymentEnd DidNotGoBack(string id, Failure failure, string? node, int nodes) =>
        End(id, DeploymentStatus.Failed, failure, OnNode(failure, node, nodes));

    public static DeploymentEnd Internal(string id, TaskFailedException e)
    {
        var failure = new Failure(e.TaskName, FailureKind.Internal, e.FailureDetails.ErrorMessage);
        return End(id, DeploymentStatus.Failed, failure, failure.ToString());
    }

    public static DeploymentEnd WentBack(string id, ServingRelease? serving, int nodes) =>
        End(id, DeploymentStatus.Succeeded, null, serving is null ? $"Rolled back on {Count(nodes)}." : $"Back to generation {serving.Generation} ({Short(serving.Commit)}) on {Count(nodes)}.");

    public static DeploymentEnd Activated(string id, ActivateOutcome outcome, IReadOnlyDictionary<string, BuiltRelease> built, int nodes)
    {
        if (outcome.Failure is not { } failure)
        {
            var release = built.Values.First();
            return End(id, DeploymentStatus.Succeeded, null, $"{Short(release.Commit)} serves on {Count(nodes)}.");
        }

        var line = OnNode(failure, outcome.FailedNode, nodes);
        if (outcome.Stuck.Count > 0)
        {
            return End(id, DeploymentStatus.Failed, failure, $"{line} These nodes could not be put back: {string.Join(", ", outcome.Stuck)}.");
        }

        if (outcome.WasServing)
        {
            return End(id, DeploymentStatus.RolledBack, failure, line + " The earlier release was put back and serves.");
        }

        return outcome.Reverted.Count > 0
            ? End(id, DeploymentStatus.Failed, failure, $"{line} The {Count(outcome.Reverted.Count)} already switched went back to the earlier release.")
            : End(id, DeploymentStatus.Failed, failure, line);
    }

    private static DeploymentEnd End(string id, DeploymentStatus status, Failure? failure, string summary) =>
        new() { DeploymentId = id, Status = status, Failure = failure, Summary = summary };

    private static string OnNode(Failure failure, string? node, int nodes)
    {
        var line = failure.ToString();
        line = node is null || nodes == 1 ? line : $"{line} (on node {node})";
        return line.EndsWith('.') ? line : line + ".";
    }

    private static string Count(int nodes) => nodes == 1 ? "1 node" : $"{nodes} nodes";

    private static string Short(string commit) => commit[..Math.Min(12, commit.Length)];
}
