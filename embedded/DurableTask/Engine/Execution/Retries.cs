using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>Retry logic. It runs in the orchestrator, so its waits are durable timers.</summary>
internal static class Retries
{
    public static async Task<T> ByPolicyAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> attempt)
    {
        var first = context.CurrentUtcDateTime;
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailure failure) when (number < policy.MaxNumberOfAttempts && !failure.NonRetriable && policy.Handle(failure.ToPublic()) && !Expired(context, policy, first))
            {
                // Tried again below, outside the handler.
            }

            await context.CreateTimer(context.CurrentUtcDateTime + PauseAfter(number, policy), CancellationToken.None);
        }
    }

    public static async Task<T> ByHandlerAsync<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> attempt)
    {
        var first = context.CurrentUtcDateTime;
        for (var number = 1; ; number++)
        {
            TaskFailure failure;
            try
            {
                return await attempt();
            }
            catch (TaskFailure e) when (!e.NonRetriable)
            {
                failure = e;
            }

            if (!await handler(new RetryContext(context, number, failure.Details, context.CurrentUtcDateTime - first, CancellationToken.None)))
            {
                throw failure;
            }
        }
    }

    private static bool Expired(TaskOrchestrationContext context, RetryPolicy policy, DateTime first) =>
        policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - first >= policy.RetryTimeout;

    private static TimeSpan PauseAfter(int attempt, RetryPolicy policy)
    {
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        return milliseconds < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : longest;
    }
}
