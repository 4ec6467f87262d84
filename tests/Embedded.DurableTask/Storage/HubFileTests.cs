using Microsoft.DurableTask;
using VpsPilot.Embedded.DurableTask.Engine.Storage;

namespace VpsPilot.Embedded.DurableTask.Tests.Storage;

public sealed class HubFileTests : IDisposable
{
    private readonly HubFile file = new();

    public void Dispose() => file.Dispose();

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused_while_the_first_runs()
    {
        await using (await file.StartAsync())
        {
            (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("another process");
        }

        await using var after = await file.StartAsync();
        (await after.Client.GetInstanceAsync("none")).ShouldBeNull();
    }

    [Theory]
    [InlineData("header")]
    [InlineData("middle")]
    [InlineData("half")]
    public async Task A_damaged_file_is_reported_and_never_served_as_empty(string damage)
    {
        await using (var host = await file.StartAsync())
        {
            for (var i = 0; i < 300; i++)
            {
                await host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", new string('x', 500));
            }
        }

        file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = await File.ReadAllBytesAsync(file.Path);
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

        await File.WriteAllBytesAsync(file.Path, bytes);

        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("damaged");
        new FileInfo(file.Path).Length.ShouldBe(bytes.Length, "the evidence is left as it was");
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused()
    {
        await using (await file.StartAsync())
        {
        }

        file.Execute("PRAGMA user_version = 99");

        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("newer program");
    }

    [Fact]
    public async Task A_newer_program_brings_the_file_to_its_schema_and_keeps_what_is_in_it()
    {
        await using (var first = await file.StartAsync())
        {
            await first.Client.WaitForInstanceCompletionAsync(await first.Client.ScheduleNewOrchestrationInstanceAsync("Empty", "x", new StartOrchestrationOptions("kept")));
        }

        using (HubDatabase.Open(file.Path, [.. HubSchema.Steps, "ALTER TABLE instances ADD COLUMN later TEXT NOT NULL DEFAULT 'new'"]))
        {
        }

        file.Query("SELECT later FROM instances WHERE instance_id = 'kept'").ShouldBe(["new"]);
        file.Query("SELECT user_version || '' FROM pragma_user_version").ShouldBe([$"{HubSchema.Steps.Count + 1}"]);
        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("newer program");
    }

    [Fact]
    public async Task An_empty_file_means_a_loss_and_is_not_served()
    {
        await File.WriteAllBytesAsync(file.Path, []);

        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("content was lost");

        new FileInfo(file.Path).Length.ShouldBe(0);
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_as_it_was()
    {
        file.Execute("CREATE TABLE instances (a TEXT); INSERT INTO instances VALUES ('theirs')");
        var before = await File.ReadAllBytesAsync(file.Path);

        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("no task hub");

        (await File.ReadAllBytesAsync(file.Path)).ShouldBe(before);
    }

    [Fact]
    public async Task A_hub_of_the_time_before_files_were_marked_is_served_and_marked()
    {
        await using (var first = await file.StartAsync())
        {
            await first.Client.WaitForInstanceCompletionAsync(await first.Client.ScheduleNewOrchestrationInstanceAsync("Empty", "x", new StartOrchestrationOptions("kept")));
        }

        file.Execute("PRAGMA application_id = 0");

        await using var host = await file.StartAsync();
        (await host.Client.GetInstanceAsync("kept")).ShouldNotBeNull().IsCompleted.ShouldBeTrue();
        file.Query("SELECT application_id || '' FROM pragma_application_id").ShouldBe([$"{0x56505348}"]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_not_called_damaged_nor_open_elsewhere()
    {
        Directory.CreateDirectory(file.Path + ".lock");
        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("cannot be locked");

        Directory.Delete(file.Path + ".lock");
        Directory.CreateDirectory(file.Path + ".new");
        (await Should.ThrowAsync<HubUnavailableException>(file.StartAsync)).Message.ShouldContain("cannot be made");
    }
}
