using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class EventTests
{
    [Fact]
    public async Task The_newest_of_several_waiters_gets_the_event_first()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Stack", async ctx =>
        {
            var first = ctx.WaitForExternalEvent<string>("e");
            var second = ctx.WaitForExternalEvent<string>("e");
            await Task.WhenAll(first, second);
            return $"{await first} {await second}";
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Stack");
        await host.Client.RaiseEventAsync(id, "e", "one");
        await host.Client.RaiseEventAsync(id, "e", "two");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("two one");
    }

    [Fact]
    public async Task An_event_passes_over_a_wait_that_was_given_up()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("GivenUp", async ctx =>
        {
            using var stop = new CancellationTokenSource();
            var kept = ctx.WaitForExternalEvent<string>("e");
            var given = ctx.WaitForExternalEvent<string>("e", stop.Token);
            stop.Cancel();
            return $"{await kept} {given.IsCanceled}";
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("GivenUp");
        await host.Client.RaiseEventAsync(id, "e", "x");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("x True");
    }

    [Fact]
    public async Task Waiting_for_one_name_as_two_types_is_an_error()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Types", async ctx =>
        {
            _ = ctx.WaitForExternalEvent<string>("e");
            await ctx.WaitForExternalEvent<int>("e");
        }));

        (await host.RunAsync("Types")).FailureDetails.ShouldNotBeNull().IsCausedBy<ArgumentException>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("event", "got it")]
    [InlineData("cancel", "canceled")]
    [InlineData("nothing", "canceled")]
    public async Task A_wait_ends_by_its_event_by_cancellation_or_by_its_time_limit(string what, string expected)
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc<string, string>("Wait", async (ctx, kind) =>
        {
            using var stop = new CancellationTokenSource();
            var wait = ctx.WaitForExternalEvent<string>("e", kind == "nothing" ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromDays(10), stop.Token);
            if (kind == "cancel")
            {
                stop.Cancel();
            }

            try
            {
                return await wait;
            }
            catch (OperationCanceledException)
            {
                return "canceled";
            }
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", what);
        if (what == "event")
        {
            await host.Client.RaiseEventAsync(id, "e", "got it");
        }

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe(expected);
    }

    [Fact]
    public async Task An_orchestration_sends_events_to_another()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Receiver", async ctx => await ctx.WaitForExternalEvent<string>("hello"))
            .AddOrchestratorFunc<string>("Sender", (ctx, target) => ctx.SendEvent(target, "hello", "from " + ctx.Name)));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Receiver");

        await host.RunAsync("Sender", id);

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("from Sender");
    }

    [Fact]
    public async Task An_event_to_an_unknown_or_ended_instance_is_dropped()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Empty", _ => { }));
        var ended = await host.RunAsync("Empty");

        await host.Client.RaiseEventAsync("nobody", "e");
        await host.Client.RaiseEventAsync(ended.InstanceId, "e");

        (await host.Client.GetInstanceAsync("nobody")).ShouldBeNull();
        (await host.Client.GetInstanceAsync(ended.InstanceId)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }
}
