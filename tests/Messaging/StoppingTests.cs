using System.Collections.Concurrent;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Messaging.Tests;

/// <summary>Receivers that stop, and brokers that come back.</summary>
public sealed class StoppingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Stopping_lets_the_running_handler_finish_and_settle()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-1"));
        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-2"));
        using var stop = new CancellationTokenSource(Limit);
        var finished = 0;

        await fixture.Receiver().RunAsync("orders", async (_, _) =>
        {
            await stop.CancelAsync();
            await Task.Delay(300, CancellationToken.None);
            finished++;
            return Settlement.Complete;
        }, 1, stop.Token);

        finished.ShouldBe(1);
        fixture.Broker.Count("orders").Active.ShouldBe(1);
    }

    [Fact]
    public async Task Stopping_in_full_flow_settles_what_was_handled_and_leaves_the_rest()
    {
        const int rounds = 20, perRound = 50;
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { MaxDeliveryCount = rounds + 1 });
        await using var sender = fixture.Sender();
        await Task.WhenAll(Enumerable.Range(0, rounds * perRound * 2).Select(i => sender.SendAsync("orders", QueueRoundTripTests.Message($"m-{i}"))));
        var handled = 0;

        for (var round = 0; round < rounds; round++)
        {
            using var stop = new CancellationTokenSource(Limit);
            var inRound = 0;
            await fixture.Receiver().RunAsync("orders", (_, _) =>
            {
                Interlocked.Increment(ref handled);
                if (Interlocked.Increment(ref inRound) == perRound)
                    stop.Cancel();
                return Task.FromResult(Settlement.Complete);
            }, 16, stop.Token);
        }

        fixture.Broker.Count("orders").ShouldBe(new QueueCounts((rounds * perRound * 2) - handled, 0, 0));
    }

    [Fact]
    public async Task Sender_and_receiver_go_on_after_the_broker_was_restarted()
    {
        var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        var options = fixture.Options;
        await using var sender = fixture.Sender();
        var seen = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource(Limit);
        var receiving = fixture.Receiver().RunAsync("orders", (message, _) =>
        {
            seen.Enqueue(message.MessageId);
            if (seen.Count == 2)
                stop.Cancel();
            return Task.FromResult(Settlement.Complete);
        }, 4, stop.Token);
        await sender.SendAsync("orders", QueueRoundTripTests.Message("before"));
        while (seen.IsEmpty)
            await Task.Delay(20, stop.Token);

        await fixture.StopAsync();
        await using var restarted = await BrokerFixture.StartAsync(fixture.Folder, options.Endpoint.Port);
        await sender.SendAsync("orders", QueueRoundTripTests.Message("after"));
        await receiving.WaitAsync(Limit);

        seen.ShouldBe(["before", "after"]);
    }
}
