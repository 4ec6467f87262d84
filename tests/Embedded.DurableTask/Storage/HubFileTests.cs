using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Storage;

public sealed class HubFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Hub => Path.Combine(folder.Path, "hub.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused_while_the_first_runs()
    {
        await using (await StartAsync())
        {
            (await Should.ThrowAsync<HubUnavailableException>(StartAsync)).Message.ShouldContain("another process");
        }

        await using var after = await StartAsync();
        (await after.Client.GetInstanceAsync("none")).ShouldBeNull();
    }

    [Theory]
    [InlineData("header")]
    [InlineData("middle")]
    [InlineData("half")]
    public async Task A_damaged_file_is_reported_and_never_served_as_empty(string damage)
    {
        await using (var host = await StartAsync())
        {
            for (var i = 0; i < 300; i++)
            {
                await host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", new string('x', 500));
            }
        }

        Checkpoint();
        var bytes = await File.ReadAllBytesAsync(Hub);
        switch (damage)
        {
            case "header":
                bytes.AsSpan(0, 100).Fill(0x5A);
                break;
            case "middle":
                bytes.AsSpan(8192, bytes.Length - 16384).Fill(0x5A);
                break;
            default:
                bytes = bytes[..(bytes.Length / 2)];
                break;
        }

        await File.WriteAllBytesAsync(Hub, bytes);

        (await Should.ThrowAsync<HubUnavailableException>(StartAsync)).Message.ShouldContain("damaged");
        new FileInfo(Hub).Length.ShouldBe(bytes.Length, "the evidence is left as it was");
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused()
    {
        await using (await StartAsync())
        {
        }

        Execute("PRAGMA user_version = 99");

        (await Should.ThrowAsync<HubUnavailableException>(StartAsync)).Message.ShouldContain("newer program");
    }

    [Fact]
    public async Task Finished_and_waiting_instances_cost_disk_and_not_memory()
    {
        const int Finished = 3000;
        await using var host = await StartAsync();
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
        await using (var first = await StartAsync())
        {
            await first.Client.WaitForInstanceCompletionAsync(await first.Client.ScheduleNewOrchestrationInstanceAsync("Empty", new string('x', 500), new StartOrchestrationOptions("finished-")));
            await first.Client.WaitForInstanceStartAsync(await first.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new string('x', 500), new StartOrchestrationOptions("waiting-")));
        }

        Multiply("finished-", Finished - 1);
        Multiply("waiting-", Waiting - 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await using var host = await StartAsync();
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
            var columns = string.Join(", ", Query($"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'instance_id'"));
            Execute($"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies})
                INSERT INTO {table} (instance_id, {columns}) SELECT '{instanceId}' || i, {columns} FROM {table}, n WHERE instance_id = '{instanceId}'
                """);
        }
    }

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Hub};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private Task<DurableTaskTestHost> StartAsync() => DurableTaskTestHost.StartAsync(
        r => r
            .AddOrchestratorFunc<string>("Empty", (_, _) => { })
            .AddOrchestratorFunc<string, int>("Wait", async (ctx, _) => await ctx.WaitForExternalEvent<int>("go")),
        databasePath: Hub,
        options: o => o.SessionsInMemory = 100);

    private void Checkpoint() => Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Hub};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
