using System.Collections.Concurrent;
using System.Text;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Messaging.Tests;

public sealed class QueueRoundTripTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_message_arrives_with_everything_that_was_sent()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", new OutgoingMessage
        {
            MessageId = "m-1",
            Body = "hello"u8.ToArray(),
            ContentType = "application/json",
            Subject = "Build",
            CorrelationId = "d-7",
            ApplicationProperties = new Dictionary<string, object>(StringComparer.Ordinal) { ["traceparent"] = "00-1-2-01", ["n"] = 3 },
        });

        var message = (await ReceiveAsync(fixture, "orders", 1)).Single();

        message.MessageId.ShouldBe("m-1");
        Encoding.UTF8.GetString(message.Body.Span).ShouldBe("hello");
        message.ContentType.ShouldBe("application/json");
        message.Subject.ShouldBe("Build");
        message.CorrelationId.ShouldBe("d-7");
        message.ApplicationProperties["traceparent"].ShouldBe("00-1-2-01");
        message.ApplicationProperties["n"].ShouldBe(3);
        message.DeliveryCount.ShouldBe(1);
        message.SequenceNumber.ShouldBeGreaterThan(0);
        message.LockedUntil.ShouldBeGreaterThan(message.EnqueuedTime);
        fixture.Broker.Count("orders").ShouldBe(new QueueCounts(0, 0, 0));
    }

    [Fact]
    public async Task One_sender_reaches_more_queues_than_it_has_links_and_every_message_arrives_once()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var queues = Enumerable.Range(0, 450).Select(i => $"node-{i}").ToList();
        foreach (var queue in queues)
            await fixture.Broker.CreateQueueAsync(queue);
        await using var sender = fixture.Sender();

        for (var round = 0; round < 2; round++)
            await Parallel.ForEachAsync(queues, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (queue, ct) => await sender.SendAsync(queue, Message($"m-{round}"), ct));

        queues.Where(q => fixture.Broker.Count(q) != new QueueCounts(2, 0, 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_arrive_in_the_order_they_were_sent()
    {
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.ReadyPageSize = 16);
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        for (var i = 0; i < 100; i++)
            await sender.SendAsync("orders", Message($"m-{i}"));

        var received = await ReceiveAsync(fixture, "orders", 100, prefetch: 1);

        received.Select(message => message.MessageId).ShouldBe(Enumerable.Range(0, 100).Select(i => $"m-{i}"));
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_and_is_dead_lettered_at_the_limit()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { MaxDeliveryCount = 3 });
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", Message("m-1"));

        var received = await ReceiveAsync(fixture, "orders", 3, settlement: Settlement.Abandon);
        received.Select(message => message.DeliveryCount).ShouldBe([1, 2, 3]);

        var dead = (await ReceiveAsync(fixture, "orders/$DeadLetterQueue", 1)).Single();
        dead.MessageId.ShouldBe("m-1");
        dead.ApplicationProperties["DeadLetterReason"].ShouldBe("MaxDeliveryCountExceeded");
    }

    [Fact]
    public async Task A_handler_that_throws_abandons_its_message()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", Message("m-1"));
        var deliveries = new ConcurrentQueue<int>();
        using var stop = new CancellationTokenSource(Limit);

        await fixture.Receiver().RunAsync("orders", (message, _) =>
        {
            deliveries.Enqueue(message.DeliveryCount);
            if (message.DeliveryCount == 1)
                throw new InvalidOperationException("broken");
            stop.Cancel();
            return Task.FromResult(Settlement.Complete);
        }, 1, stop.Token);

        deliveries.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_dead_lettered_message_carries_reason_and_description()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", Message("m-1"));

        await ReceiveAsync(fixture, "orders", 1, settlement: Settlement.DeadLetter("unreadable", "no JSON at all"));

        var dead = (await ReceiveAsync(fixture, "orders/$DeadLetterQueue", 1)).Single();
        dead.ApplicationProperties["DeadLetterReason"].ShouldBe("unreadable");
        dead.ApplicationProperties["DeadLetterErrorDescription"].ShouldBe("no JSON at all");
        fixture.Broker.Count("orders").ShouldBe(new QueueCounts(0, 0, 0));
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        var due = DateTimeOffset.UtcNow.AddSeconds(1.5);
        await sender.SendAsync("orders", Message("m-1") with { ScheduledEnqueueTime = due });
        fixture.Broker.Count("orders").ShouldBe(new QueueCounts(0, 0, 1));

        await ReceiveAsync(fixture, "orders", 1);

        DateTimeOffset.UtcNow.ShouldBeGreaterThanOrEqualTo(due.AddMilliseconds(-5));
    }

    [Fact]
    public async Task What_can_wait_is_accepted_when_it_is_stored_and_keeps_its_place()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();

        await sender.SendAsync("orders", Message("alone") with { CanWait = true }).WaitAsync(Limit);
        fixture.Broker.Count("orders").Active.ShouldBe(1);
        var waiting = Enumerable.Range(0, 3).Select(i => sender.SendAsync("orders", Message($"waits-{i}") with { CanWait = true })).ToList();
        await sender.SendAsync("orders", Message("urgent")).WaitAsync(Limit);
        await Task.WhenAll(waiting).WaitAsync(Limit);

        var received = await fixture.Broker.ReceiveAsync("orders", 5, Limit);
        received.Select(m => m.MessageId).ShouldBe(["alone", "waits-0", "waits-1", "waits-2", "urgent"]);
    }

    [Fact]
    public async Task Unknown_queues_wrong_keys_and_large_messages_fail_with_their_kind()
    {
        await using var fixture = await BrokerFixture.StartAsync(configure: options => options.MaxMessageSizeBytes = 10_000);
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await using var stranger = fixture.Sender(fixture.Options with { Key = "wrong" });

        (await Should.ThrowAsync<QueueException>(sender.SendAsync("nowhere", Message("m")))).Error.ShouldBe(QueueError.NotFound);
        (await Should.ThrowAsync<QueueException>(stranger.SendAsync("orders", Message("m")))).Error.ShouldBe(QueueError.Unauthorized);
        (await Should.ThrowAsync<QueueException>(sender.SendAsync("orders", Message("m") with { Body = new byte[20_000] }))).Error.ShouldBe(QueueError.TooLarge);
        await sender.SendAsync("orders", Message("small"));
        fixture.Broker.Count("orders").Active.ShouldBe(1);
    }

    internal static OutgoingMessage Message(string id) => new() { MessageId = id, Body = Encoding.UTF8.GetBytes(id) };

    internal static async Task<List<ReceivedMessage>> ReceiveAsync(
        BrokerFixture fixture, string queue, int count, Settlement? settlement = null, int prefetch = 10, QueueConnectionOptions? options = null)
    {
        var received = new List<ReceivedMessage>();
        using var stop = new CancellationTokenSource(Limit);
        await fixture.Receiver(options).RunAsync(queue, (message, _) =>
        {
            lock (received)
            {
                received.Add(message);
                if (received.Count == count)
                    stop.Cancel();
            }
            return Task.FromResult(settlement ?? Settlement.Complete);
        }, prefetch, stop.Token);
        received.Count.ShouldBe(count);
        return received;
    }
}
