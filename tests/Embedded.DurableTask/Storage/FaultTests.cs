using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Storage;

/// <summary>Writes that fail for a while: what was to happen happens once they succeed again.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly HubFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public async Task Timers_fire_again_after_writes_that_failed()
    {
        var failed = new TaskCompletionSource();
        await using var host = await StartAsync(failed, "TimersNotFired", r => r.AddOrchestratorFunc("Sleep", async ctx =>
        {
            await ctx.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            return 1;
        }));
        file.Execute("CREATE TRIGGER full BEFORE DELETE ON timers BEGIN SELECT RAISE(ABORT, 'no room'); END");
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
        await failed.Task.WaitAsync(Runs.Limit);

        file.Execute("DROP TRIGGER full");

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_holds_no_worker_and_goes_on_when_it_can()
    {
        var failed = new TaskCompletionSource();
        await using var host = await StartAsync(
            failed,
            "StepFailed",
            r => r.AddOrchestratorFunc("Wait", async ctx => await ctx.WaitForExternalEvent<int>("go")).AddOrchestratorFunc("Empty", _ => { }),
            o => o.MaxConcurrentOrchestrators = 1);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);
        file.Execute("UPDATE history SET entry = 'x' || entry");
        await host.Client.RaiseEventAsync(id, "go", 2);
        await failed.Task.WaitAsync(Runs.Limit);

        (await host.RunAsync("Empty")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        file.Execute($"UPDATE history SET entry = substr(entry, 2) WHERE instance_id = '{id}'");

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(2);
    }

    private Task<DurableTaskTestHost> StartAsync(TaskCompletionSource failed, string @event, Action<DurableTaskRegistry> register, Action<Hosting.EmbeddedDurableTaskOptions>? options = null) => DurableTaskTestHost.StartAsync(
        register,
        services => services.AddLogging(b => b.AddProvider(new Recorder("Microsoft.DurableTask.Worker", (id, _, _) =>
        {
            if (id.Name == @event)
            {
                failed.TrySetResult();
            }
        }))),
        file.Path,
        options);
}
