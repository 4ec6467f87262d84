using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Embedded.DurableTask.Tests.Storage;

public sealed class HubScaleTests : IDisposable
{
    private readonly HubFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public async Task Finished_and_waiting_instances_cost_disk_and_not_memory()
    {
        const int Finished = 3000;
        await using var host = await file.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (_, ct) => await host.Client.WaitForInstanceCompletionAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", new string('x', 10_000), cancellation: ct), ct));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await Parallel.ForEachAsync(Enumerable.Range(0, Finished), async (_, ct) => await host.Client.WaitForInstanceCompletionAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", new string('x', 10_000), cancellation: ct), ct));
        await Parallel.ForEachAsync(Enumerable.Range(0, Finished), async (_, ct) => await host.Client.WaitForInstanceStartAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new string('x', 10_000), cancellation: ct), ct));

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        grown.ShouldBeLessThan(Finished * 10_000L / 2, "their inputs alone are more than this");
    }

    [Fact]
    public async Task A_hundred_thousand_finished_and_ten_thousand_waiting_instances_are_started_over_and_served_from_disk()
    {
        const int Finished = 100_000, Waiting = 10_000, MegabytesOfMemory = 30;
        await using (var first = await file.StartAsync())
        {
            await first.Client.WaitForInstanceCompletionAsync(await first.Client.ScheduleNewOrchestrationInstanceAsync("Empty", new string('x', 500), new StartOrchestrationOptions("finished-")));
            await first.Client.WaitForInstanceStartAsync(await first.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new string('x', 500), new StartOrchestrationOptions("waiting-")));
        }

        Multiply("finished-", Finished - 1);
        Multiply("waiting-", Waiting - 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await using var host = await file.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(1, 500), async (i, ct) =>
        {
            await host.Client.RaiseEventAsync($"waiting-{i}", "go", i, ct);
            (await host.Client.WaitForInstanceCompletionAsync($"waiting-{i}", getInputsAndOutputs: true, ct)).ReadOutputAs<int>().ShouldBe(i);
        });
        var running = 0;
        await foreach (var page in host.Client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])).AsPages(pageSizeHint: 1000))
        {
            running += page.Values.Count;
        }

        running.ShouldBe(Waiting - 500);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MegabytesOfMemory * 1024 * 1024, "their inputs alone are 55 MB");
    }

    /// <summary>Copies an instance with its history, to ids that end in 1, 2, 3 …</summary>
    private void Multiply(string instanceId, int copies)
    {
        foreach (var table in (string[])["instances", "history"])
        {
            var columns = string.Join(", ", file.Query($"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'instance_id'"));
            file.Execute($"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies})
                INSERT INTO {table} (instance_id, {columns}) SELECT '{instanceId}' || i, {columns} FROM {table}, n WHERE instance_id = '{instanceId}'
                """);
        }
    }
}
