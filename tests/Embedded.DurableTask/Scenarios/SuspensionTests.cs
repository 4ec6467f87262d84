using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class SuspensionTests
{
    private const int MoreThanOneStepTakes = 5001;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_suspension_ends_however_much_it_holds_back(bool resume)
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddOrchestratorFunc("Sum", async ctx =>
            {
                var sum = 0;
                for (var i = 0; i < MoreThanOneStepTakes; i++)
                {
                    sum += await ctx.WaitForExternalEvent<int>("add");
                }

                return sum;
            }),
            options: o => o.SessionsInMemory = 1);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sum");
        await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);
        await host.Client.SuspendInstanceAsync(id);
        await Runs.WaitForAsync(async () => (await host.Client.GetInstanceAsync(id))!.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await Parallel.ForEachAsync(Enumerable.Range(0, MoreThanOneStepTakes), async (_, ct) => await host.Client.RaiseEventAsync(id, "add", 1, ct));

        await (resume ? host.Client.ResumeInstanceAsync(id) : host.Client.TerminateInstanceAsync(id, 7));

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(resume ? MoreThanOneStepTakes : 7);
    }

    [Fact]
    public async Task One_that_starts_later_stays_pending_when_it_is_resumed_before()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddOrchestratorFunc("Later", async ctx => await ctx.WaitForExternalEvent<int>("go")),
            services => services.AddSingleton<TimeProvider>(clock));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Later", new StartOrchestrationOptions(StartAt: clock.GetUtcNow().AddHours(1)));
        async Task BecomesAsync(OrchestrationRuntimeStatus status) =>
            await Runs.WaitForAsync(async () => (await host.Client.GetInstanceAsync(id))!.RuntimeStatus == status);

        await host.Client.SuspendInstanceAsync(id);
        await BecomesAsync(OrchestrationRuntimeStatus.Suspended);
        await host.Client.RaiseEventAsync(id, "go", 3);
        await host.Client.ResumeInstanceAsync(id);
        await BecomesAsync(OrchestrationRuntimeStatus.Pending);
        clock.Advance(TimeSpan.FromHours(2));

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(3);
    }
}
