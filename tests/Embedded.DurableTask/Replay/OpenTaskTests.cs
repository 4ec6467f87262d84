using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Replay;

/// <summary>What an orchestrator leaves open holds its end back, as in the public runtime (TaskOrchestrationExecutor: HasOpenTasks).</summary>
public sealed class OpenTaskTests
{
    [Theory]
    [InlineData("returns", OrchestrationRuntimeStatus.Completed)]
    [InlineData("fails", OrchestrationRuntimeStatus.Failed)]
    [InlineData("starts over", OrchestrationRuntimeStatus.Completed)]
    public async Task An_open_timer_holds_an_orchestrator_that(string what, OrchestrationRuntimeStatus end)
    {
        var clock = new FakeTimeProvider();
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddOrchestratorFunc<string, string>("Leaves", async (ctx, input) =>
            {
                if (input == "over")
                {
                    return await ctx.WaitForExternalEvent<string>("late");
                }

                _ = ctx.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                ctx.SetCustomStatus("left");
                if (input == "starts over")
                {
                    ctx.ContinueAsNew("over");
                }

                return input == "fails" ? throw new InvalidOperationException("no") : input;
            }),
            services => services.AddSingleton<TimeProvider>(clock));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Leaves", what);
        await Runs.WaitForAsync(async () => (await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true))?.SerializedCustomStatus is not null);
        await host.Client.RaiseEventAsync(id, "late", "for the next execution");
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);

        var ended = host.EndAsync(id);
        await Runs.WaitForAsync(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            return Task.FromResult(ended.IsCompleted);
        });

        var result = await ended;
        result.RuntimeStatus.ShouldBe(end);
        if (end == OrchestrationRuntimeStatus.Completed)
        {
            result.ReadOutputAs<string>().ShouldBe(what == "returns" ? "returns" : "for the next execution");
        }
    }

    [Fact]
    public async Task An_activity_and_a_sub_orchestration_that_nobody_awaits_hold_it_and_their_failures_do_not_count()
    {
        var gate = new TaskCompletionSource();
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Leaves", ctx =>
            {
                _ = ctx.CallActivityAsync("Slow");
                _ = ctx.CallSubOrchestratorAsync("Child", options: new SubOrchestrationOptions(instanceId: "kid"));
                return 5;
            })
            .AddOrchestratorFunc("Child", async ctx => await ctx.WaitForExternalEvent<int>("go"))
            .AddActivity("Slow", _ => FuncTaskActivity.Create<object?, int>(async (_, _) =>
            {
                await gate.Task;
                throw new InvalidOperationException("nobody looks");
            })));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Leaves");
        await host.Client.WaitForInstanceStartAsync("kid").WaitAsync(Runs.Limit);

        await host.Client.RaiseEventAsync("kid", "go", 1);
        await host.EndAsync("kid");
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull().IsRunning.ShouldBeTrue("the activity still runs");
        gate.SetResult();

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(5);
    }

    [Fact]
    public async Task A_wait_for_an_event_holds_nothing_and_termination_does_not_wait()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Waits", ctx =>
            {
                _ = ctx.WaitForExternalEvent<int>("never");
                return 1;
            })
            .AddOrchestratorFunc("Leaves", ctx =>
            {
                _ = ctx.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                return 1;
            }));

        (await host.RunAsync("Waits")).ReadOutputAs<int>().ShouldBe(1);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Leaves");
        await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);
        await host.Client.TerminateInstanceAsync(id, "enough");
        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }
}
