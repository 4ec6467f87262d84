using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Messaging.Tests;

public sealed class TokenRenewalTests
{
    [Fact]
    public async Task Tokens_are_renewed_before_they_end_without_a_new_connection()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        var options = fixture.Options with { TokenLifetime = TimeSpan.FromSeconds(2) };
        var log = new EventLog();
        await using var sender = fixture.Sender(options);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new ConcurrentQueue<string>();
        var receiving = new QueueReceiver(options, log).RunAsync("orders", (message, _) =>
        {
            seen.Enqueue(message.MessageId);
            if (seen.Count == 2)
                stop.Cancel();
            return Task.FromResult(Settlement.Complete);
        }, 1, stop.Token);

        await sender.SendAsync("orders", QueueRoundTripTests.Message("first"));
        await Task.Delay(TimeSpan.FromSeconds(5));
        await sender.SendAsync("orders", QueueRoundTripTests.Message("second"));
        await receiving;

        seen.ShouldBe(["first", "second"]);
        log.Events.Count(id => id == EventLog.Connected).ShouldBe(1);
        log.Events.ShouldNotContain(EventLog.Reconnecting);
    }

    [Fact]
    public async Task A_deleted_queue_that_comes_back_is_served_again()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var log = new EventLog();
        var receiving = new QueueReceiver(fixture.Options, log).RunAsync("orders", (_, _) =>
        {
            stop.Cancel();
            return Task.FromResult(Settlement.Complete);
        }, 1, stop.Token);
        while (!log.Events.Contains(EventLog.Connected))
            await Task.Delay(20, stop.Token);

        await fixture.Broker.DeleteQueueAsync("orders");
        while (!log.Events.Contains(EventLog.Reconnecting))
            await Task.Delay(20, stop.Token);
        await fixture.Broker.CreateQueueAsync("orders");
        await using var sender = fixture.Sender();
        await sender.SendAsync("orders", QueueRoundTripTests.Message("m-1"));
        await receiving;

        fixture.Broker.Count("orders").ShouldBe(new QueueCounts(0, 0, 0));
    }

    private sealed class EventLog : ILogger<QueueReceiver>
    {
        public const int Connected = 3010;
        public const int Reconnecting = 3011;

        public ConcurrentQueue<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Enqueue(eventId.Id);
    }
}
