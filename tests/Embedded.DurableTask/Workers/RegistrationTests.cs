using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Workers;

public sealed class RegistrationTests
{
    [Fact]
    public async Task An_activity_comes_from_the_services_where_it_is_among_them()
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddActivity<TwoWays>().AddOrchestratorFunc("Asks", async ctx => await ctx.CallActivityAsync<string>(nameof(TwoWays))),
            services => services.AddSingleton(new TwoWays("registered")));

        (await host.RunAsync("Asks")).ReadOutputAs<string>().ShouldBe("registered");
    }

    [Fact]
    public async Task A_class_with_two_constructors_is_made_with_the_one_whose_services_are_there()
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddActivity<TwoWays>().AddOrchestratorFunc("Asks", async ctx => await ctx.CallActivityAsync<string>(nameof(TwoWays))));

        (await host.RunAsync("Asks")).ReadOutputAs<string>().ShouldBe("made");
    }

    [Fact]
    public async Task The_workers_own_limit_counts_where_it_is_the_smaller()
    {
        var (running, most) = (0, 0);
        await using var host = await DurableTaskTestHost.StartWorkerAsync(worker => worker
            .AddTasks(r => r
                .AddOrchestratorFunc("Many", async ctx => await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ctx.CallActivityAsync<int>("Slow"))))
                .AddActivityFunc<object?, int>("Slow", async (_, _) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    await Task.Delay(20);
                    return Interlocked.Decrement(ref running);
                }))
            .Configure(o => o.Concurrency.MaximumConcurrentActivityWorkItems = 1));

        await host.RunAsync("Many");

        most.ShouldBe(1);
    }

    private sealed class TwoWays(string text) : TaskActivity<object?, string>
    {
        public TwoWays()
            : this("made")
        {
        }

        public override Task<string> RunAsync(TaskActivityContext context, object? input) => Task.FromResult(text);
    }
}
