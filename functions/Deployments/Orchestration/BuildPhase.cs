using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>Builds on every node, in parallel. Nothing that runs is touched.</summary>
internal sealed class BuildPhase(DeploymentPlan plan, NodeCommands commands)
{
    private readonly Dictionary<string, CommandResult> results = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> firstFailure = new();

    /// <summary>What each node built; a failure when one could not; or the wish to stop.</summary>
    public async Task<BuildOutcome> RunAsync(Task<StopRequest> stop)
    {
        using var over = new CancellationTokenSource();
        var deadline = commands.After(plan.BuildTimeout, over.Token);
        var commit = plan.Commit;
        var rest = plan.Nodes;
        if (commit is null && plan.Nodes.Count > 1)
        {
            // "The head of the branch" may move while nodes build; the first one decides which commit it is for all.
            var first = await AllAsync([plan.Nodes[0]], null, deadline, stop);
            if (first is not null || results[plan.Nodes[0]].Outcome != CommandOutcome.Succeeded)
            {
                Timers.Off(over);
                return Outcome(first);
            }

            commit = results[plan.Nodes[0]].Built!.Commit;
            rest = [.. plan.Nodes.Skip(1)];
        }

        var stopped = await AllAsync(rest, commit, deadline, stop);
        Timers.Off(over);
        return Outcome(stopped);
    }

    /// <summary>Builds on these nodes until all have answered; if one fails or a stop is asked for, the others are canceled.</summary>
    private async Task<StopRequest?> AllAsync(IReadOnlyList<string> nodes, string? commit, Task deadline, Task<StopRequest> stop)
    {
        var grace = new TaskCompletionSource();
        var giveUp = Task.WhenAny(deadline, grace.Task);
        var all = Task.WhenAll(nodes.Select(n => BuildAsync(n, commit, giveUp)));
        await Task.WhenAny(all, stop, firstFailure.Task);
        if (!all.IsCompleted)
        {
            await Task.WhenAll(nodes.Where(n => !results.ContainsKey(n)).Select(commands.CancelAsync));
            using var over = new CancellationTokenSource();
            await Task.WhenAny(all, commands.After(plan.CancelGrace, over.Token));
            Timers.Off(over);
            grace.TrySetResult();
        }

        await all;
        return stop.IsCompleted ? await stop : null;
    }

    private async Task BuildAsync(string nodeId, string? commit, Task giveUp)
    {
        var result = await commands.BuildAsync(nodeId, commit, giveUp);
        results[nodeId] = result;
        var isMistake = result.Outcome is not (CommandOutcome.Succeeded or CommandOutcome.Canceled);
        await commands.RecordAsync(commands.Record(nodeId, StatusOf(result)) with
        {
            Failure = result.Failure,
            Commit = result.Built?.Commit,
            Subject = result.Built?.Subject,
        });
        if (isMistake)
        {
            firstFailure.TrySetResult(nodeId);
        }
    }

    private static NodeStatus StatusOf(CommandResult result) => result.Outcome switch
    {
        CommandOutcome.Succeeded => NodeStatus.Built,
        CommandOutcome.Canceled => NodeStatus.Canceled,
        _ => result.Failure?.Kind == FailureKind.Lost ? NodeStatus.Lost : NodeStatus.Failed,
    };

    private BuildOutcome Outcome(StopRequest? stop)
    {
        var failed = firstFailure.Task.IsCompleted
            ? firstFailure.Task.Result
            : plan.Nodes.FirstOrDefault(n => results.TryGetValue(n, out var r) && r.Outcome != CommandOutcome.Succeeded);
        return new(results.Where(r => r.Value.Built is not null).ToDictionary(r => r.Key, r => r.Value.Built!, StringComparer.Ordinal), stop, failed, failed is null ? null : results[failed].Failure);
    }
}

/// <summary>How building ended.</summary>
/// <param name="Built">What each node built.</param>
/// <param name="Stop">The wish to stop that ended it; null otherwise.</param>
/// <param name="FailedNode">The node that failed; null when none did.</param>
/// <param name="Failure">Why.</param>
internal sealed record BuildOutcome(IReadOnlyDictionary<string, BuiltRelease> Built, StopRequest? Stop, string? FailedNode, Failure? Failure);
