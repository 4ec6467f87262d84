using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using VpsPilot.Embedded.Broker.Storage;
using VpsPilot.Embedded.Broker.Tests.Queues;

namespace VpsPilot.Embedded.Broker.Tests.Storage;

public sealed class SchemaTests
{
    /// <summary>The file is what a broker of the first version wrote. It is never changed: such files are out there.</summary>
    [Fact]
    public async Task A_file_of_the_first_version_is_served_with_all_that_is_in_it()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        fixture.Broker.Dispose();
        File.Delete(fixture.DatabasePath);
        Execute(fixture.DatabasePath, SqliteOpenMode.ReadWriteCreate, await File.ReadAllTextAsync(Beside("version-1.sql")));

        await fixture.OpenAsync();

        Execute(fixture.DatabasePath, SqliteOpenMode.ReadOnly, "PRAGMA user_version").ShouldBe(BrokerSchema.Steps.Count);
        fixture.Broker.ListQueues().ShouldBe(["orders"]);
        fixture.Broker.Count("orders").ShouldBe(new QueueCounts(1, 1, 0));
        fixture.Broker.FindQueue("orders")!.Rules.ShouldBe([new QueueRule("agent", "a2V5", "b3RoZXI=", AccessRights.Listen)]);
        (await DeliveryTests.OneAsync(fixture, "orders")).MessageId.ShouldBe("kept");
        (await DeliveryTests.OneAsync(fixture, "orders/$DeadLetterQueue")).DeadLetterReason.ShouldBe("bad");
    }

    [Fact]
    public async Task A_later_version_steps_forward_from_where_the_file_is_and_an_earlier_program_refuses_it()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        fixture.Broker.Dispose();
        var version = BrokerSchema.Steps.Count;
        IReadOnlyList<string> steps = [.. BrokerSchema.Steps, "ALTER TABLE queues ADD COLUMN color TEXT NOT NULL DEFAULT 'red';", "UPDATE queues SET color = 'green';"];
        IReadOnlyList<string> broken = [.. steps.Take(version + 1), "UPDATE queues SET color = 'blue'; UPDATE nowhere SET color = 'blue';"];

        Should.Throw<BrokerDatabaseException>(() => BrokerDatabase.Open(fixture.DatabasePath, broken));
        Execute(fixture.DatabasePath, SqliteOpenMode.ReadOnly, "PRAGMA user_version").ShouldBe(version + 1, "each step is whole or not there");
        Execute(fixture.DatabasePath, SqliteOpenMode.ReadOnly, "SELECT color FROM queues").ShouldBe("red");
        BrokerDatabase.Open(fixture.DatabasePath, steps).Dispose();

        Execute(fixture.DatabasePath, SqliteOpenMode.ReadOnly, "PRAGMA user_version").ShouldBe(version + 2);
        Execute(fixture.DatabasePath, SqliteOpenMode.ReadOnly, "SELECT name || ' ' || color FROM queues").ShouldBe("orders green");
        (await Should.ThrowAsync<BrokerDatabaseException>(fixture.OpenAsync())).Message.ShouldContain($"version {version + 2}");
    }

    [Fact]
    public async Task A_log_without_its_file_is_reported_and_left_alone()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        fixture.Broker.Dispose();
        File.Delete(fixture.DatabasePath);
        await File.WriteAllBytesAsync(fixture.DatabasePath + "-wal", [1, 2, 3]);

        (await Should.ThrowAsync<BrokerDatabaseException>(fixture.OpenAsync())).Message.ShouldContain("content was lost");

        File.Exists(fixture.DatabasePath).ShouldBeFalse();
        (await File.ReadAllBytesAsync(fixture.DatabasePath + "-wal")).ShouldBe([1, 2, 3]);
    }

    private static object? Execute(string path, SqliteOpenMode mode, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string Beside(string name, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, name);
}
