using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Replay;

public sealed class ReplayTests
{
    [Fact]
    public async Task Each_step_replays_the_ones_before_unless_sessions_are_kept()
    {
        (await RunAsync(sessions: 0)).ShouldBe([true, true, false]);
        (await RunAsync(sessions: 10)).ShouldBe([false, false, false]);
    }

    [Fact]
    public async Task Replay_safe_loggers_say_each_thing_once()
    {
        var logs = new List<string>();
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r
                .AddOrchestratorFunc("Talk", async ctx =>
                {
                    var logger = ctx.CreateReplaySafeLogger("talk");
                    logger.LogWarning("one");
                    await ctx.CallActivityAsync("Nothing");
                    logger.LogWarning("two");
                    await ctx.CallActivityAsync("Nothing");
                    logger.LogWarning("three");
                    return ReferenceEquals(ctx.ReplaySafeLoggerFactory, ctx.ReplaySafeLoggerFactory);
                })
                .AddActivityFunc("Nothing", (TaskActivityContext _) => { }),
            services => services.AddLogging(b => b.AddProvider(new Recorder("talk", (_, text, _) => logs.Add(text)))));

        (await host.RunAsync("Talk")).ReadOutputAs<bool>().ShouldBeTrue();

        logs.ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task A_failed_orchestration_is_logged_with_its_exception_under_the_published_event()
    {
        var logs = new List<(string? Event, Exception? Exception)>();
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r
                .AddOrchestratorFunc("Top", async ctx => await ctx.CallActivityAsync("Fail"))
                .AddActivityFunc("Fail", (TaskActivityContext _) => throw new FormatException("bad")),
            services => services.AddLogging(b => b.AddProvider(new Recorder("Microsoft.DurableTask.Worker", (id, _, e) =>
            {
                lock (logs)
                {
                    logs.Add((id.Name, e));
                }
            }))));

        await host.RunAsync("Top");

        logs.ShouldContain(l => l.Event == "ActivityFailed" && l.Exception is FormatException);
        logs.ShouldContain(l => l.Event == "OrchestrationFailed" && l.Exception is TaskFailedException && l.Exception.Message == "Task 'Fail' (#0) failed with an unhandled exception: bad");
    }

    [Fact]
    public async Task Code_that_comes_back_on_another_thread_cannot_act()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Stray", async ctx =>
            {
                await Task.Delay(1).ConfigureAwait(false);
                await ctx.CallActivityAsync("Never");
            })
            .AddActivityFunc("Never", (TaskActivityContext _) => { }));

        var ended = await host.RunAsync("Stray");

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        (await host.Client.GetOrchestrationHistoryAsync(ended.InstanceId)).ShouldNotContain(e => e.EventType == global::DurableTask.Core.History.EventType.TaskScheduled);
    }

    [Fact]
    public async Task Pages_can_be_read_through_an_activity()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Pages", async ctx =>
            {
                var count = 0;
                await foreach (var item in Pageable.Create<string>((token, _) => ctx.CallActivityAsync<Page<string>>("Page", token)))
                {
                    count += item.Length;
                }

                return count;
            })
            .AddActivityFunc<string?, Page<string>>("Page", (_, token) => new Page<string>(["ab", "cde"], token switch { null => "1", "1" => "2", _ => null })));

        (await host.RunAsync("Pages")).ReadOutputAs<int>().ShouldBe(15);
    }

    private static async Task<bool[]?> RunAsync(int sessions)
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddOrchestratorFunc("Replaying", async ctx =>
            {
                List<bool> seen = [ctx.IsReplaying];
                await ctx.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                seen.Add(ctx.IsReplaying);
                await ctx.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                seen.Add(ctx.IsReplaying);
                return seen;
            }),
            options: o => o.SessionsInMemory = sessions);
        return (await host.RunAsync("Replaying")).ReadOutputAs<bool[]>();
    }
}
