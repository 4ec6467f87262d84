using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Embedded.Broker.Tests.Queues;

namespace VpsPilot.Embedded.Broker.Tests.Storage;

public sealed class FailedWriteTests
{
    [Fact]
    public async Task A_message_whose_end_could_not_be_stored_comes_again_after_a_pause()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fixture = await BrokerFixture.StartAsync(time);
        await fixture.Broker.CreateQueueAsync("q");
        await fixture.Broker.SendAsync("q", DeliveryTests.Message("a"));
        Execute(fixture, "CREATE TRIGGER full BEFORE DELETE ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END");
        var first = await DeliveryTests.OneAsync(fixture);

        await Should.ThrowAsync<Exception>(fixture.Broker.CompleteAsync(first));
        (await fixture.Broker.ReceiveAsync("q", 1, TimeSpan.Zero)).ShouldBeEmpty("at once, a full disk would make a busy loop");

        Execute(fixture, "DROP TRIGGER full");
        time.Advance(TimeSpan.FromSeconds(2));
        (await fixture.Broker.CompleteAsync(await DeliveryTests.OneAsync(fixture))).ShouldBeTrue();
        fixture.Broker.Count("q").ShouldBe(new QueueCounts(0, 0, 0));
    }

    [Fact]
    public async Task A_receiver_gets_its_message_after_a_page_could_not_be_read()
    {
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.ReadyPageSize = 1);
        await fixture.Broker.CreateQueueAsync("q");
        await fixture.Broker.SendAsync("q", DeliveryTests.Message("in memory"));
        await fixture.Broker.SendAsync("q", DeliveryTests.Message("on disk"));
        await fixture.Broker.CompleteAsync(await DeliveryTests.OneAsync(fixture));
        Execute(fixture, "ALTER TABLE messages RENAME TO hidden");

        var receiving = fixture.Broker.ReceiveAsync("q", 1, TimeSpan.FromSeconds(15));
        await Task.Delay(300);
        receiving.IsCompleted.ShouldBeFalse();
        Execute(fixture, "ALTER TABLE hidden RENAME TO messages");

        (await receiving).ShouldHaveSingleItem().MessageId.ShouldBe("on disk");
    }

    private static void Execute(BrokerFixture fixture, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={fixture.DatabasePath};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
