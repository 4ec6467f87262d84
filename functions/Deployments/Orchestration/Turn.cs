using Microsoft.DurableTask;
using VpsPilot.Functions.Deployments.Activities;
using VpsPilot.Functions.Deployments.Lanes;

namespace VpsPilot.Functions.Deployments.Orchestration;

/// <summary>Waiting for the project's lane, and leaving it.</summary>
internal static class Turn
{
    /// <summary>External event that asks an orchestration to stop.</summary>
    public const string StopEvent = "stop";

    /// <summary>External event that says that the lane may be free.</summary>
    public const string TurnEvent = "turn";

    /// <summary>The lane is asked again after this, in case the deployment that had it is gone without a word.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    /// <summary>Bounds the history of one that waits: after a day it begins anew. What it waits for may take a week, until somebody approves.</summary>
    private const int MostQuestions = 300;

    /// <summary>Waits for the lane.</summary>
    public static async Task<LaneWait> TakeAsync(TaskOrchestrationContext context, Task<StopRequest> stop)
    {
        var turn = context.WaitForExternalEvent<string>(TurnEvent);
        for (var asked = 0; asked < MostQuestions; asked++)
        {
            var answer = await context.CallActivityAsync<LaneAnswer>(nameof(EnterLaneActivity), context.InstanceId, Retries.Storage);
            foreach (var other in answer.Stopped)
            {
                context.SendEvent(other, StopEvent, new StopRequest(StopKind.Superseded, context.InstanceId));
            }

            if (answer.Stop is not null || answer.IsTurn)
            {
                return new(answer.Stop);
            }

            using var over = new CancellationTokenSource();
            var again = context.CreateTimer(context.CurrentUtcDateTime + AskAgainAfter, over.Token);
            await Task.WhenAny(turn, stop, again);
            Timers.Off(over);
            if (stop.IsCompleted)
            {
                return new(await stop);
            }

            // A waiter is never taken back: an event that comes between two waits must find one.
            if (turn.IsCompleted)
            {
                turn = context.WaitForExternalEvent<string>(TurnEvent);
            }
        }

        // What came meanwhile is kept, and a wish to stop is in the deployment's row as well.
        context.ContinueAsNew(preserveUnprocessedEvents: true);
        return new(null) { GoesOnAnew = true };
    }

    /// <summary>Leaves the lane and tells the next.</summary>
    public static async Task LeaveAsync(TaskOrchestrationContext context)
    {
        var next = await context.CallActivityAsync<string?>(nameof(LeaveLaneActivity), context.InstanceId, Retries.Storage);
        if (next is not null && next != context.InstanceId)
        {
            context.SendEvent(next, TurnEvent, context.InstanceId);
        }
    }
}

/// <summary>How waiting for the lane ended.</summary>
/// <param name="Stop">The wish to stop; null when it is this deployment's turn.</param>
internal sealed record LaneWait(StopRequest? Stop)
{
    /// <summary>The orchestration begins anew, and waits on; this run of it has to return.</summary>
    public bool GoesOnAnew { get; init; }
}
