using VpsPilot.Embedded.Broker.Storage;
using VpsPilot.Embedded.Broker.Tests.Queues;

namespace VpsPilot.Embedded.Broker.Tests.Storage;

public sealed class BrokerDatabaseTests
{
    [Fact]
    public async Task Queues_rules_and_messages_survive_a_restart()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var settings = new QueueSettings
        {
            LockDuration = TimeSpan.FromSeconds(17),
            MaxDeliveryCount = 4,
            DefaultTimeToLive = TimeSpan.FromDays(3),
            DeadLetterOnExpiration = true,
            RequiresDuplicateDetection = true,
            DuplicateDetectionWindow = TimeSpan.FromHours(2),
            Rules = [new("agent", "a2V5", "b3RoZXI=", AccessRights.Listen)],
        };
        await fixture.Broker.CreateQueueAsync("q", settings);
        await fixture.Broker.SendAsync("q", DeliveryTests.Message("a"));

        await fixture.RestartAsync();

        var found = fixture.Broker.FindQueue("Q").ShouldNotBeNull();
        (found with { Rules = settings.Rules }).ShouldBe(settings);
        found.Rules.ShouldBe(settings.Rules);
        (await DeliveryTests.OneAsync(fixture)).MessageId.ShouldBe("a");
    }

    [Fact]
    public void Every_commit_reaches_the_disk_before_it_counts()
    {
        var folder = Directory.CreateTempSubdirectory("broker-");
        using (var database = BrokerDatabase.Open(Path.Combine(folder.FullName, "b.db")))
        {
            using var connection = database.Connect(readOnly: false);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT (SELECT journal_mode FROM pragma_journal_mode) || ' ' || (SELECT synchronous FROM pragma_synchronous)";
            // 2 is FULL (SQLite, "PRAGMA synchronous").
            command.ExecuteScalar().ShouldBe("wal 2");
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_sequence_number_is_never_given_twice()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q");
        var first = await fixture.Broker.SendAsync("q", DeliveryTests.Message("a"));
        await fixture.Broker.CompleteAsync(await DeliveryTests.OneAsync(fixture));
        await fixture.RestartAsync();

        (await fixture.Broker.SendAsync("q", DeliveryTests.Message("b"))).ShouldBe(first + 1);
    }

    [Theory]
    [InlineData("truncated to nothing", "empty")]
    [InlineData("overwritten in the middle", "corrupt")]
    [InlineData("torn at the start", "corrupt")]
    [InlineData("cut in half", "corrupt")]
    [InlineData("of a newer program", "Use the newer program")]
    [InlineData("of no version", "schema version 0")]
    [InlineData("another program's", "not a broker database")]
    public async Task A_file_that_cannot_be_served_is_reported_and_left_alone(string damage, string report)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q");
        for (var i = 0; i < 200; i++)
            await fixture.Broker.SendAsync("q", DeliveryTests.Message($"{i}") with { Body = new byte[500] });
        fixture.Broker.Dispose();
        Damage(fixture.DatabasePath, damage);
        var before = await File.ReadAllBytesAsync(fixture.DatabasePath);

        var failure = await Should.ThrowAsync<BrokerDatabaseException>(fixture.OpenAsync());

        failure.Message.ShouldContain(report);
        failure.Message.ShouldContain(fixture.DatabasePath);
        (await File.ReadAllBytesAsync(fixture.DatabasePath)).ShouldBe(before);
    }

    [Fact]
    public async Task A_second_broker_on_the_same_file_is_refused()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var first = fixture.Broker;

        (await Should.ThrowAsync<BrokerDatabaseException>(fixture.OpenAsync())).Message.ShouldContain("in use");

        await first.CreateQueueAsync("q");
        first.ListQueues().ShouldBe(["q"]);
        first.Dispose();
    }

    private static void Damage(string path, string damage)
    {
        using var file = File.Open(path, FileMode.Open);
        switch (damage)
        {
            case "truncated to nothing":
                file.SetLength(0);
                break;
            case "overwritten in the middle":
                file.Position = 4096;
                file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray());
                break;
            case "torn at the start":
                file.Write(new byte[4096]);
                break;
            case "cut in half":
                file.SetLength(file.Length / 2 / 4096 * 4096);
                break;
            case "of a newer program":
                // SQLite, "The Database Header": user_version stands at 60, big-endian.
                file.Position = 60;
                file.Write([0, 0, 0, 99]);
                break;
            case "of no version":
                file.Position = 60;
                file.Write([0, 0, 0, 0]);
                break;
            default:
                file.Position = 68;
                file.Write("OTHR"u8);
                break;
        }
    }
}
