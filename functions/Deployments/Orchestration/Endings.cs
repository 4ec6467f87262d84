using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments.Orchestration.Groups;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>How deployments end, and the one line that says so.</summary>
internal static class Endings
{
    private const int MostNames = 20;

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

    /// <summary>A rollback that was canceled, after the nodes that had gone back were sent forward again.</summary>
    public static DeploymentEnd RollBackCanceled(string id, StopRequest stop, IReadOnlyList<string> stuck) => stuck.Count == 0
        ? Stopped(id, stop)
        : End(id, DeploymentStatus.Failed, null, $"Canceled by {stop.By}. These nodes could not be put back: {Names(stuck)}.") with { IsMixed = true };

    public static DeploymentEnd WentBack(string id, ServingRelease? serving, int nodes) =>
        End(id, DeploymentStatus.Succeeded, null, serving is null ? $"Rolled back on {Count(nodes)}." : $"Back to generation {serving.Generation} ({Short(serving.Commit)}) on {Count(nodes)}.");

    public static DeploymentEnd Serves(string id, string commit, int nodes, IReadOnlyList<string> excluded) => End(
        id, DeploymentStatus.Succeeded, null, $"{Short(commit)} serves on {Count(nodes)}.{(excluded.Count == 0 ? "" : $" Offline, and left out: {Names(excluded)}.")}");

    /// <summary>A rollout that did not get to its end, after everything that was switched was sent back.</summary>
    public static DeploymentEnd NotActivated(string id, RolloutStop stopped, GroupReport back, int nodes)
    {
        var stuck = back.Failures.Select(f => f.NodeId).ToList();
        var line = stopped.Stop is { } stop ? $"Canceled by {stop.By}." : OnNode(stopped.Failed!.Failure, stopped.Failed.NodeId, nodes);
        var wasServing = stopped.Failed?.Outcome == CommandOutcome.RolledBack;
        line = back.Done.Count > 0 ? $"{line} {Count(back.Done.Count)} already switched went back to the earlier release."
            : wasServing ? line + " The earlier release was put back and serves."
            : line;
        if (stuck.Count > 0)
        {
            return End(id, DeploymentStatus.Failed, stopped.Failed?.Failure ?? back.Failures[0].Failure, $"{line} These nodes could not be put back: {Names(stuck)}.") with { IsMixed = true };
        }

        var status = stopped.Stop is not null ? DeploymentStatus.Canceled : stopped.Failed!.IsLost || (back.Done.Count == 0 && !wasServing) ? DeploymentStatus.Failed : DeploymentStatus.RolledBack;
        return End(id, status, stopped.Failed?.Failure, line) with { IsMixed = stopped.Failed?.IsLost == true };
    }

    private static DeploymentEnd End(string id, DeploymentStatus status, Failure? failure, string summary) =>
        new() { DeploymentId = id, Status = status, Failure = failure, Summary = summary };

    private static string OnNode(Failure failure, string? node, int nodes)
    {
        var line = failure.ToString();
        line = string.IsNullOrEmpty(node) || nodes == 1 ? line : $"{line.TrimEnd('.')} (on node {node})";
        return line.EndsWith('.') ? line : line + ".";
    }

    private static string Count(int nodes) => nodes == 1 ? "1 node" : $"{nodes} nodes";

    private static string Names(IReadOnlyList<string> nodes) => nodes.Count <= MostNames ? string.Join(", ", nodes) : $"{string.Join(", ", nodes.Take(MostNames))} and {nodes.Count - MostNames} more";

    private static string Short(string commit) => commit[..Math.Min(12, commit.Length)];
}
