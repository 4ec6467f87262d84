using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Hosting;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Workers;

public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int runs;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_stop_waits_for_activities_that_run_and_their_results_count()
    {
        string id;
        var first = await StartAsync(TimeSpan.FromSeconds(20));
        id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await began.Task.WaitAsync(Runs.Limit);
        var stopped = first.DisposeAsync().AsTask();
        gate.SetResult();
        await stopped.WaitAsync(Runs.Limit);

        await using var second = await StartAsync(TimeSpan.Zero);
        (await second.EndAsync(id)).ReadOutputAs<int>().ShouldBe(1);
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task What_still_runs_after_the_wait_runs_again_at_the_next_start()
    {
        string id;
        await using (var first = await StartAsync(TimeSpan.FromMilliseconds(50)))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Calls");
            await began.Task.WaitAsync(Runs.Limit);
        }

        gate.SetResult();
        await using var second = await StartAsync(TimeSpan.Zero);
        (await second.EndAsync(id)).ReadOutputAs<int>().ShouldBe(2);
    }

    [Fact]
    public async Task An_activity_that_gives_way_to_the_stop_has_not_failed_and_runs_again_at_the_next_start()
    {
        string id;
        await using (var first = await StartAsync(TimeSpan.FromSeconds(4)))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("GivesWay");
            await began.Task.WaitAsync(Runs.Limit);
        }

        gate.SetResult();
        await using var second = await StartAsync(TimeSpan.Zero);
        (await second.EndAsync(id)).ReadOutputAs<int>().ShouldBe(2);
    }

    private Task<DurableTaskTestHost> StartAsync(TimeSpan drain) => DurableTaskTestHost.StartAsync(
        r => r
            .AddOrchestratorFunc("GivesWay", async ctx => await ctx.CallActivityAsync<int>("Heeds"))
            .AddActivity("Heeds", services => new Heeds(this, services.GetRequiredService<ActivityInterruption>()))
            .AddOrchestratorFunc("Calls", async ctx => await ctx.CallActivityAsync<int>("Slow"))
            .AddActivityFunc<object?, int>("Slow", async (_, _) =>
            {
                var run = Interlocked.Increment(ref runs);
                began.TrySetResult();
                await gate.Task;
                return run;
            }),
        databasePath: Path.Combine(folder.Path, "hub.db"),
        options: o => o.DrainTimeout = drain);

    private sealed class Heeds(StopTests test, ActivityInterruption stop) : TaskActivity<object?, int>
    {
        public override async Task<int> RunAsync(TaskActivityContext context, object? input)
        {
            var run = Interlocked.Increment(ref test.runs);
            test.began.TrySetResult();
            await test.gate.Task.WaitAsync(stop.Token);
            return run;
        }
    }
}
