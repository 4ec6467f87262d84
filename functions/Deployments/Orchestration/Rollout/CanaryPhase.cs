using Microsoft.DurableTask;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;
using VpsPilot.Functions.Deployments.Activities;

namespace VpsPilot.Functions.Deployments.Orchestration.Rollout;

/// <summary>
/// The first nodes serve for the bake time and are judged: too many errors end it at any time; at its end they must have been heard of since,
/// the comparison with the others and the probe must be right, and, where asked for, a person must approve.
/// </summary>
internal sealed class CanaryPhase(TaskOrchestrationContext context, DeploymentPlan plan, CanaryConfig canary, RolloutStep step, IReadOnlyList<string> others, Task<StopRequest> stop)
{
    /// <summary>External event that says that a person approves.</summary>
    public const string ApproveEvent = "approve";

    /// <summary>Bounds the history of a long bake time.</summary>
    private const int MostLooks = 20;
    private const int MostQuestions = 20;

    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private Contracts.Events.TrafficCount? othersBefore;

    public async Task<RolloutStop?> RunAsync()
    {
        var approval = context.WaitForExternalEvent<string>(ApproveEvent);
        await RecordAsync(CanaryState.Baking, context.CurrentUtcDateTime + canary.Bake);
        othersBefore = (await JudgeAsync(null)).Others;
        var bad = await WaitAsync(canary.Bake, null) ?? await FinalAsync();
        if (bad is not null || !canary.Approval)
        {
            return await EndAsync(bad);
        }

        await RecordAsync(CanaryState.WaitingForApproval, context.CurrentUtcDateTime + canary.ApprovalTimeout);
        bad = await WaitAsync(canary.ApprovalTimeout, approval);
        return await EndAsync(bad ?? (approval.IsCompleted ? null : NotApproved()));
    }

    /// <summary>Waits, and looks from time to time whether it is going wrong. Null when the time is over, or when what is waited for came.</summary>
    private async Task<RolloutStop?> WaitAsync(TimeSpan time, Task? until)
    {
        var end = context.CurrentUtcDateTime + time;
        var pause = time / MostLooks > LeastPause ? time / MostLooks : LeastPause;
        while (context.CurrentUtcDateTime < end)
        {
            var next = context.CurrentUtcDateTime + pause;
            using var over = new CancellationTokenSource();
            await Task.WhenAny(context.CreateTimer(next < end ? next : end, over.Token), stop, until ?? stop);
            Timers.Off(over);
            if (stop.IsCompleted)
            {
                return new(await stop);
            }

            if (until?.IsCompleted == true)
            {
                return null;
            }

            if ((await JudgeAsync(null)).Failure is { } failure)
            {
                return new(failure);
            }
        }

        return null;
    }

    /// <summary>The judgement at the end: on numbers from after the bake time.</summary>
    private async Task<RolloutStop?> FinalAsync()
    {
        var since = context.CurrentUtcDateTime;
        for (var asked = 0; asked < MostQuestions; asked++)
        {
            var judgement = await JudgeAsync(since);
            if (judgement.Failure is not null)
            {
                return new(judgement.Failure);
            }

            if (judgement.IsFresh)
            {
                return null;
            }

            using var over = new CancellationTokenSource();
            await Task.WhenAny(context.CreateTimer(context.CurrentUtcDateTime + AskAgainAfter, over.Token), stop);
            Timers.Off(over);
            if (stop.IsCompleted)
            {
                return new(await stop);
            }
        }

        return new(new Failure(CanaryJudge.Step, FailureKind.Lost, "The nodes that went first were not heard of after the bake time."));
    }

    private Task<CanaryJudgement> JudgeAsync(DateTime? heardSince) => context.CallActivityAsync<CanaryJudgement>(
        nameof(JudgeCanaryActivity),
        new CanaryQuestion
        {
            DeploymentId = context.InstanceId,
            ProjectId = plan.ProjectId,
            Nodes = step.Nodes,
            Others = others,
            OthersBefore = othersBefore,
            Canary = canary,
            HeardSince = heardSince,
        },
        Retries.Storage);

    private async Task<RolloutStop?> EndAsync(RolloutStop? stopped)
    {
        await RecordAsync(stopped is null ? CanaryState.Promoted : CanaryState.Aborted, null);
        return stopped;
    }

    private Task RecordAsync(CanaryState state, DateTime? until) =>
        context.CallActivityAsync(nameof(RecordCanaryActivity), new CanaryRecord(context.InstanceId, state, until, step.Nodes, step.TrafficPercent), Retries.Storage);

    private static RolloutStop NotApproved() => new(new Failure("approval", FailureKind.Timeout, "Nobody approved the release in time.")
    {
        Hint = "Deploy again, and approve with POST /api/deployments/{id}/approve; deployment.canary.approval_timeout says how long it is waited for.",
    });
}
