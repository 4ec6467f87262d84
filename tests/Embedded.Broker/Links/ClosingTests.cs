using Amqp;

namespace VpsPilot.Embedded.Broker.Tests.Links;

/// <summary>Links and sessions that end while the broker sends on them. Each must leave the queue to others.</summary>
public sealed class ClosingTests
{
    private const int Rounds = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("link")]
    [InlineData("session")]
    [InlineData("connection")]
    public async Task What_ends_while_messages_are_on_their_way_holds_up_nobody(string what)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("q", new QueueSettings { MaxDeliveryCount = 1000 });
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => fixture.Broker.SendAsync("q", Queues.DeliveryTests.Message($"{i}"))));

        for (var round = 0; round < Rounds; round++)
        {
            var connection = await Connection.Factory.CreateAsync(Address(fixture)).WaitAsync(Limit);
            var session = new Session(connection);
            var link = new ReceiverLink(session, $"r-{round}", "q");
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            link.Start(1000, (_, _) => started.TrySetResult());
            await started.Task.WaitAsync(Limit);
            AmqpObject ending = what switch { "link" => link, "session" => session, _ => connection };
            await ending.CloseAsync(TimeSpan.FromSeconds(10), null);
            await connection.CloseAsync(TimeSpan.FromSeconds(10), null);
        }

        (await fixture.Broker.ReceiveAsync("q", 1, Limit)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_queue_that_is_deleted_while_its_links_close_leaves_the_broker_at_work()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await fixture.Broker.CreateQueueAsync("q");
            var connection = await Connection.Factory.CreateAsync(Address(fixture)).WaitAsync(Limit);
            var session = new Session(connection);
            var links = Enumerable.Range(0, 8).Select(Link (i) => new ReceiverLink(session, $"r-{i}", "q")).ToList();
            links.AddRange(Enumerable.Range(0, 8).Select(i => new SenderLink(session, $"s-{i}", "q")));
            await fixture.Broker.SendAsync("q", Queues.DeliveryTests.Message("a"));

            var closing = Task.WhenAll(links.Select(link => link.CloseAsync(TimeSpan.FromSeconds(10), null).ContinueWith(static _ => { }, TaskScheduler.Default)));
            (await fixture.Broker.DeleteQueueAsync("q").WaitAsync(Limit)).ShouldBeTrue();
            await closing.WaitAsync(Limit);
            await connection.CloseAsync(TimeSpan.FromSeconds(10), null).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private static Address Address(BrokerFixture fixture) =>
        new(fixture.Broker.AmqpEndpoint.Host, fixture.Broker.AmqpEndpoint.Port, "RootManageSharedAccessKey", BrokerFixture.RootKey, "/", "AMQP");
}
