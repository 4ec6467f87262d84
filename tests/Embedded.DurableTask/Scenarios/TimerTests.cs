using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class TimerTests
{
    [Fact]
    public async Task A_timer_of_a_month_fires_when_the_tests_clock_says_so()
    {
        var clock = new FakeTimeProvider();
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddOrchestratorFunc("Month", async ctx =>
            {
                var before = ctx.CurrentUtcDateTime;
                await ctx.CreateTimer(TimeSpan.FromDays(30), CancellationToken.None);
                return ctx.CurrentUtcDateTime - before;
            }),
            services => services.AddSingleton<TimeProvider>(clock));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Month");
        await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);

        clock.Advance(TimeSpan.FromDays(29));
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull().IsRunning.ShouldBeTrue();
        var ended = host.EndAsync(id);
        await Runs.WaitForAsync(() =>
        {
            clock.Advance(TimeSpan.FromHours(4));
            return Task.FromResult(ended.IsCompleted);
        });

        (await ended).ReadOutputAs<TimeSpan>().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task A_long_timer_is_made_of_several_none_longer_than_the_limit()
    {
        await using var host = await DurableTaskTestHost.StartWorkerAsync(worker => worker
            .AddTasks(r => r.AddOrchestratorFunc("Long", async ctx => await ctx.CreateTimer(ctx.CurrentUtcDateTime.AddMilliseconds(1300), CancellationToken.None)))
            .Configure(o => o.MaximumTimerInterval = TimeSpan.FromMilliseconds(500)));

        var ended = await host.RunAsync("Long");

        (await host.Client.GetOrchestrationHistoryAsync(ended.InstanceId)).Count(e => e.EventType == EventType.TimerCreated).ShouldBeInRange(2, 3, "a late one makes the next shorter");
        (ended.LastUpdatedAt - ended.CreatedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(1300));
    }

    [Fact]
    public async Task A_timer_of_the_past_fires_at_once_and_a_canceled_one_never()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Past", async ctx =>
        {
            using var stop = new CancellationTokenSource();
            var never = ctx.CreateTimer(TimeSpan.FromDays(9), stop.Token);
            await ctx.CreateTimer(ctx.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
            stop.Cancel();
            return never.IsCanceled;
        }));

        var ended = await host.RunAsync("Past");

        ended.ReadOutputAs<bool>().ShouldBeTrue();
        (await host.Client.GetOrchestrationHistoryAsync(ended.InstanceId)).Count(e => e.EventType == EventType.TimerFired).ShouldBe(1);
    }
}
