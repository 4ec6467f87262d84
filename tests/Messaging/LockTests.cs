using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Messaging.Tests;

/// <summary>Locks of messages while their handlers run.</summary>
public sealed class LockTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_lock_is_renewed_while_a_handler_runs_longer_than_the_lock()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { LockDuration = TimeSpan.FromSeconds(4) });
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-1"));
        var deliveries = 0;
        using var stop = new CancellationTokenSource(Limit);

        await fixture.Receiver().RunAsync("orders", async (_, ct) =>
        {
            Interlocked.Increment(ref deliveries);
            await Task.Delay(TimeSpan.FromSeconds(9), ct);
            await stop.CancelAsync();
            return Settlement.Complete;
        }, 2, stop.Token);

        deliveries.ShouldBe(1);
        fixture.Broker.Count("orders").Active.ShouldBe(0);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task The_lock_is_renewed_also_where_the_clock_is_not_the_brokers(int minutes)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { LockDuration = TimeSpan.FromSeconds(3) });
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-1"));
        var deliveries = 0;
        using var stop = new CancellationTokenSource(Limit);

        await new QueueReceiver(fixture.Options, NullLogger<QueueReceiver>.Instance, new ShiftedTime(TimeSpan.FromMinutes(minutes))).RunAsync("orders", async (_, ct) =>
        {
            Interlocked.Increment(ref deliveries);
            await Task.Delay(TimeSpan.FromSeconds(6), ct);
            await stop.CancelAsync();
            return Settlement.Complete;
        }, 1, stop.Token);

        deliveries.ShouldBe(1);
        fixture.Broker.Count("orders").Active.ShouldBe(0);
    }

    [Fact]
    public async Task A_link_that_breaks_ends_the_token_of_its_handlers()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-1"));
        using var stop = new CancellationTokenSource(Limit);
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var deliveries = 0;
        var receiving = fixture.Receiver().RunAsync("orders", async (_, ct) =>
        {
            deliveries++;
            started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.TrySetResult();
            return Settlement.Complete;
        }, 1, stop.Token);
        await started.Task.WaitAsync(Limit);

        await fixture.Broker.DeleteQueueAsync("orders");

        await ended.Task.WaitAsync(Limit);
        await stop.CancelAsync();
        await receiving.WaitAsync(Limit);
        deliveries.ShouldBe(1);
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
