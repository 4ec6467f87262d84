using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Activities;

namespace VpsPilot.Functions.Deployments.Orchestration.Groups;

/// <summary>
/// A group of nodes at work. Every node ends in an answer: its own; that it stayed offline for longer than the config allows; that it did not
/// answer in time; or, after a stop or the failure of another node of the group, that it was canceled.
/// </summary>
internal sealed class NodeGroup(TaskOrchestrationContext context, GroupOrder order)
{
    /// <summary>How often it is looked which nodes are offline; seldom once it takes long.</summary>
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LaterLookAfter = TimeSpan.FromMinutes(1);
    private const int EarlyLooks = 20;

    private readonly NodeCommands commands = new(context, order);
    private readonly DateTime began = context.CurrentUtcDateTime;
    private readonly Dictionary<string, TaskCompletionSource<GivenUp>> open = order.Nodes.ToDictionary(n => n, _ => new TaskCompletionSource<GivenUp>(), StringComparer.Ordinal);
    /// <summary>The limit of a node counts from when it was seen offline last: nobody can work while nobody reaches them.</summary>
    private readonly Dictionary<string, DateTime> since = order.Nodes.ToDictionary(n => n, _ => context.CurrentUtcDateTime, StringComparer.Ordinal);
    private readonly Dictionary<string, Task> sent = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource firstMistake = new();
    private readonly List<string> done = [];
    private readonly List<string> excluded = [];
    private readonly List<NodeFailure> failures = [];
    private BuiltRelease? built;
    private ServingRelease? serving;
    private bool isStopping;

    private List<string> Unanswered => [.. order.Nodes.Where(open.ContainsKey)];

    public async Task<GroupReport> RunAsync()
    {
        var stop = context.WaitForExternalEvent<StopRequest>(Turn.StopEvent);
        await Task.WhenAll(order.LeftFor.Select(commands.LeaveAsync));
        var all = Task.WhenAll(order.Nodes.Select(OneAsync));
        await WaitAsync(all, stop);
        await all;
        return new() { Done = done, Excluded = excluded, Failures = failures, Built = built, Serving = serving };
    }

    private async Task WaitAsync(Task all, Task stop)
    {
        DateTime? grace = null;
        for (var looks = 0; !all.IsCompleted; looks++)
        {
            var end = grace ?? Unanswered.Select(EndOf).Append(DateTime.MaxValue).Min();
            using var over = new CancellationTokenSource();
            var look = context.CreateTimer(Earlier(end, context.CurrentUtcDateTime + (looks < EarlyLooks ? LookAfter : LaterLookAfter)), over.Token);
            await (isStopping ? Task.WhenAny(all, look) : Task.WhenAny(all, look, stop, firstMistake.Task));
            Timers.Off(over);
            if (all.IsCompleted)
            {
                return;
            }

            if (!isStopping && (stop.IsCompleted || firstMistake.Task.IsCompleted))
            {
                isStopping = true;
                grace = context.CurrentUtcDateTime + order.StopGrace;
                await Task.WhenAll(Unanswered.Select(CancelAsync));
            }
            else if (context.CurrentUtcDateTime >= end)
            {
                GiveUp(Unanswered.Where(n => grace is not null || EndOf(n) <= context.CurrentUtcDateTime), n => new($"Node {n} did not answer in time.", IsExcluded: false));
            }
            else
            {
                await GiveUpOfflineAsync();
            }
        }
    }

    private DateTime EndOf(string nodeId) => since[nodeId] + order.Limit;

    private async Task GiveUpOfflineAsync()
    {
        var question = new OfflineQuestion(order.DeploymentId, order.ProjectId, Unanswered, began);
        var answer = await context.CallActivityAsync<OfflineAnswer>(nameof(FindOfflineNodesActivity), question, Retries.Storage);
        foreach (var node in answer.Offline)
        {
            since[node] = context.CurrentUtcDateTime;
        }

        var given = answer.Nodes.Where(open.ContainsKey).ToList();
        GiveUp(given, n => new($"Node {n} is offline, and was waited for.", answer.MayGoOnWithout && order.Kind == CommandIds.Build));
        await Task.WhenAll(order.Kind == CommandIds.RollBack ? [] : given.Select(CancelAsync));
    }

    private void GiveUp(IEnumerable<string> nodes, Func<string, GivenUp> why)
    {
        foreach (var node in nodes)
        {
            open[node].TrySetResult(why(node));
        }
    }

    private async Task OneAsync(string nodeId)
    {
        if (order.StartsAs is { } starts)
        {
            await commands.RecordAsync(nodeId, starts);
        }

        var result = isStopping ? NotBegun() : await CommandAsync(nodeId);
        var isExcluded = result.Failure?.Kind == FailureKind.Lost && open[nodeId].Task is { IsCompletedSuccessfully: true, Result.IsExcluded: true };
        open.Remove(nodeId);
        var status = isExcluded ? NodeStatus.Excluded : StatusOf(result);
        Sort(nodeId, status, result);
        await commands.RecordAsync(nodeId, status, result);
    }

    private async Task<CommandResult> CommandAsync(string nodeId)
    {
        var sending = commands.SendAsync(nodeId);
        sent[nodeId] = sending;
        return await sending ?? await commands.AnswerAsync(nodeId, open[nodeId].Task);
    }

    /// <summary>A cancel must not overtake what it cancels: then the node would begin after it.</summary>
    private async Task CancelAsync(string nodeId)
    {
        if (sent.TryGetValue(nodeId, out var sending))
        {
            await sending;
            await commands.CancelAsync(nodeId);
        }
    }

    private static CommandResult NotBegun() => new() { Outcome = CommandOutcome.Canceled };

    private void Sort(string nodeId, NodeStatus status, CommandResult result)
    {
        if (status == NodeStatus.Excluded)
        {
            excluded.Add(nodeId);
        }
        else if (result.Outcome == CommandOutcome.Succeeded)
        {
            done.Add(nodeId);
            built ??= result.Built;
            serving ??= result.Serving;
        }
        else
        {
            // One whole failure tells the reason; of the others the line is enough here, and their rows have the rest.
            var failure = result.Failure ?? new Failure(order.Kind, FailureKind.Internal, $"Node {nodeId} gave no reason.");
            failures.Add(new(nodeId, result.Outcome, failures.Count == 0 ? failure : failure with { StderrTail = null, Problems = [] }));
            if (!order.GoesOn)
            {
                firstMistake.TrySetResult();
            }
        }
    }

    private NodeStatus StatusOf(CommandResult result) => result.Outcome switch
    {
        CommandOutcome.Succeeded => order.DoneAs,
        CommandOutcome.RolledBack => NodeStatus.RolledBack,
        CommandOutcome.Canceled => NodeStatus.Canceled,
        _ => result.Failure?.Kind == FailureKind.Lost ? NodeStatus.Lost : NodeStatus.Failed,
    };

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}

/// <summary>Why a node's answer is not waited for any longer.</summary>
internal sealed record GivenUp(string Message, bool IsExcluded);
