using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Workers;

/// <summary>What a worker takes and what it refuses.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task A_filtered_orchestration_stays_until_a_worker_takes_it()
    {
        await using var host = await DurableTaskTestHost.StartWorkerAsync(worker => worker
            .AddTasks(r => r.AddOrchestratorFunc("Denied", _ => { }).AddOrchestratorFunc("Other", _ => { }))
            .UseOrchestrationFilter(new DenyFilter("Denied")));

        var denied = await host.Client.ScheduleNewOrchestrationInstanceAsync("Denied");
        (await host.RunAsync("Other")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);

        (await host.Client.GetInstanceAsync(denied)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
    }

    [Fact]
    public async Task A_refused_orchestration_is_offered_again()
    {
        var clock = new FakeTimeProvider();
        var filter = new DenyFilter("Denied");
        await using var host = await DurableTaskTestHost.StartWorkerAsync(
            worker => worker.AddTasks(r => r.AddOrchestratorFunc("Denied", _ => { })).UseOrchestrationFilter(filter),
            configure: services => services.AddSingleton<TimeProvider>(clock));
        var denied = await host.Client.ScheduleNewOrchestrationInstanceAsync("Denied");
        await filter.Asked.WaitAsync(Runs.Limit);

        filter.Name = "nothing";
        var ended = host.EndAsync(denied);
        await Runs.WaitForAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(ended.IsCompleted);
        });

        (await ended).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task A_version_that_does_not_match_is_not_tried_again()
    {
        await using var host = await DurableTaskTestHost.StartWorkerAsync(worker => worker
            .AddTasks(r => r
                .AddOrchestratorFunc("Parent", async ctx => await ctx.CallSubOrchestratorAsync("Child", options: new SubOrchestrationOptions(TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromDays(1)))) { Version = "2" }))
                .AddOrchestratorFunc("Child", _ => { }))
            .UseVersioning(new() { Version = "1", MatchStrategy = DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Fail }));

        var ended = await host.RunAsync("Parent");

        ended.FailureDetails.ShouldNotBeNull().InnerFailure.ShouldNotBeNull().ErrorMessage.ShouldBe("The orchestration version '2' is greater than the worker version '1'.");
    }

    private sealed class DenyFilter(string name) : IOrchestrationFilter
    {
        private readonly TaskCompletionSource asked = new();

        public string Name { get; set; } = name;

        public Task Asked => asked.Task;

        public ValueTask<bool> IsOrchestrationValidAsync(OrchestrationFilterParameters info, CancellationToken cancellationToken = default)
        {
            var taken = info.Name != Name;
            asked.TrySetResult();
            return new(taken);
        }
    }
}
