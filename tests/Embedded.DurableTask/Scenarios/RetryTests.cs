using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class RetryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_retry_handler_decides_and_sees_attempt_and_failure(bool activity)
    {
        var attempts = 0;
        var seen = new List<int>();
        var retry = TaskOptions.FromRetryHandler(context =>
        {
            if (!context.OrchestrationContext.IsReplaying)
            {
                seen.Add(context.LastAttemptNumber);
            }

            return context.LastFailure.IsCausedBy<TimeoutException>() && context.LastAttemptNumber < 3;
        });
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Top", async ctx => await (activity ? ctx.CallActivityAsync("Fail", options: retry) : ctx.CallSubOrchestratorAsync("FailingChild", options: retry)))
            .AddOrchestratorFunc("FailingChild", (TaskOrchestrationContext _) => throw new TimeoutException($"attempt {Interlocked.Increment(ref attempts)}"))
            .AddActivityFunc("Fail", (TaskActivityContext _) => throw new TimeoutException($"attempt {Interlocked.Increment(ref attempts)}")));

        var ended = await host.RunAsync("Top");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.InnerFailure!.ErrorMessage.ShouldBe("attempt 3");
        attempts.ShouldBe(3);
        seen.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_policy_that_does_not_handle_the_failure_does_not_retry()
    {
        var attempts = 0;
        var policy = new RetryPolicy(5, TimeSpan.FromMilliseconds(1)) { HandleFailure = f => f.IsCausedBy<FormatException>() };
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Top", async ctx => await ctx.CallActivityAsync("Fail", TaskOptions.FromRetryPolicy(policy)))
            .AddActivityFunc("Fail", (TaskActivityContext _) =>
            {
                attempts++;
                throw new InvalidOperationException("no");
            }));

        (await host.RunAsync("Top")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_policys_time_limit_ends_the_retries()
    {
        var attempts = 0;
        var policy = new RetryPolicy(1000, TimeSpan.FromSeconds(3), retryTimeout: TimeSpan.FromSeconds(8));
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Top", async ctx => await ctx.CallActivityAsync("Fail", TaskOptions.FromRetryPolicy(policy)))
            .AddActivityFunc("Fail", (TaskActivityContext _) =>
            {
                attempts++;
                throw new InvalidOperationException("no");
            }));

        (await host.RunAsync("Top")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        attempts.ShouldBeInRange(2, 4);
    }

    [Theory]
    [InlineData(true, "ActivityTaskNotFound")]
    [InlineData(false, "OrchestratorTaskNotFound")]
    public async Task A_task_nobody_knows_fails_at_once_and_is_not_retried(bool activity, string errorType)
    {
        var asked = 0;
        var retry = TaskOptions.FromRetryHandler(_ => ++asked > 0);
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Top", async ctx => await (activity ? ctx.CallActivityAsync("Bogus", options: retry) : ctx.CallSubOrchestratorAsync("Bogus", options: retry))));

        var ended = await host.RunAsync("Top");

        ended.FailureDetails!.InnerFailure!.ErrorType.ShouldBe(errorType);
        asked.ShouldBe(0);
    }

    [Fact]
    public async Task Options_given_as_the_input_are_an_error()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Top", async ctx => await ctx.CallActivityAsync<int>("A", (object)new TaskOptions()))
            .AddActivityFunc<object?, int>("A", (_, _) => 1));

        (await host.RunAsync("Top")).FailureDetails.ShouldNotBeNull().IsCausedBy<ArgumentException>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 1, 1.0)]
    [InlineData(1, 0, 1.0)]
    [InlineData(1, 1, 0.5)]
    public void A_policy_outside_its_ranges_is_refused(int attempts, int milliseconds, double backoff) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromMilliseconds(milliseconds), backoff));
}
