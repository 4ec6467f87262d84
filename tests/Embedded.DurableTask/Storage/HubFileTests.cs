using Microsoft.Data.Sqlite;
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

    private Task<DurableTaskTestHost> StartAsync() => DurableTaskTestHost.StartAsync(
        r => r
            .AddOrchestratorFunc<string>("Empty", (_, _) => { })
            .AddOrchestratorFunc<string>("Wait", async (ctx, _) => await ctx.WaitForExternalEvent<int>("never")),
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
