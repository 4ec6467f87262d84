using System.Diagnostics;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Bench.DurableTask;

/// <summary>The workloads.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly DurableTaskTestHost host;

    private Engine(DurableTaskTestHost host) => this.host = host;

    public static async Task<Engine> StartAsync() => new(await DurableTaskTestHost.StartAsync(
        r => r
            .AddOrchestratorFunc<int, int>("Sequence", async (ctx, value) =>
            {
                for (var i = 0; i < 5; i++)
                {
                    value = await ctx.CallActivityAsync<int>("AddOne", value);
                }

                return value;
            })
            .AddOrchestratorFunc<int, int>("FanOut", async (ctx, width) =>
                (await Task.WhenAll(Enumerable.Range(0, width).Select(i => ctx.CallActivityAsync<int>("AddOne", i)))).Sum())
            .AddOrchestratorFunc<DateTime>("Sleep", async (ctx, until) => await ctx.CreateTimer(until, CancellationToken.None))
            .AddActivityFunc<int, int>("AddOne", (_, value) => value + 1),
        options: o =>
        {
            o.MaxConcurrentActivities = 64;
            o.MaxConcurrentOrchestrators = 64;
            o.SessionsInMemory = 500; // As the Functions host.
        }));

    /// <summary>Activities a second.</summary>
    public async Task<double> SequencesAsync(int instances, int together)
    {
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, instances), new ParallelOptions { MaxDegreeOfParallelism = together }, async (_, ct) => await SequenceAsync(ct));
        return instances * 5 / clock.Elapsed.TotalSeconds;
    }

    public async Task<TimeSpan> MedianSequenceAsync(int count)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
        {
            var clock = Stopwatch.StartNew();
            await SequenceAsync(CancellationToken.None);
            times.Add(clock.Elapsed);
        }

        return times.Order().ElementAt(count / 2);
    }

    public async Task<TimeSpan> FanOutAsync(int width)
    {
        var clock = Stopwatch.StartNew();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("FanOut", width);
        var result = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        var elapsed = clock.Elapsed;
        return result.ReadOutputAs<int>() == width * (width + 1) / 2 ? elapsed : throw new InvalidOperationException($"Wrong result: {result.SerializedOutput}");
    }

    /// <summary>How late the last of many timers that are due at the same instant is, and the memory while all wait.</summary>
    public async Task<(TimeSpan Late, double ResidentMegabytes)> TimersAsync(int count)
    {
        var due = DateTime.UtcNow.AddSeconds(20);
        var ids = new string[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, ct) =>
            ids[i] = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", due, cancellation: ct));
        await Task.Delay(TimeSpan.FromSeconds(2));
        var resident = Environment.WorkingSet / 1024.0 / 1024.0;
        var last = DateTimeOffset.MinValue;
        foreach (var id in ids)
        {
            var ended = await host.Client.WaitForInstanceCompletionAsync(id);
            last = ended.LastUpdatedAt > last ? ended.LastUpdatedAt : last;
        }

        return (last - new DateTimeOffset(due), resident);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task SequenceAsync(CancellationToken ct)
    {
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Sequence", 1, ct);
        await host.Client.WaitForInstanceCompletionAsync(id, ct);
    }
}
