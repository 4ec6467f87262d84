using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Messaging;
using Xunit.Abstractions;

namespace VpsPilot.Embedded.Broker.Tests;

/// <summary>
/// The broker is killed with SIGKILL again and again under load. VPSPILOT_CRASHES sets how often, VPSPILOT_SEED the seed.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int DeadLetterEvery = 50;
    private const int AbandonEvery = 7;
    private static readonly int Crashes = Setting("VPSPILOT_CRASHES", 200);
    private static readonly int Seed = Setting("VPSPILOT_SEED", 20261124);

    private readonly ConcurrentDictionary<int, bool> acknowledged = [];
    private readonly ConcurrentDictionary<int, bool> delivered = [];
    private readonly ConcurrentDictionary<string, bool> settled = [];
    private readonly ConcurrentQueue<string> violations = [];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_settled_comes_again_when_the_broker_is_killed()
    {
        output.WriteLine($"seed {Seed}, {Crashes} crashes");
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("work", new QueueSettings { RequiresDuplicateDetection = true, MaxDeliveryCount = 100_000 });
        var port = fixture.Broker.AmqpEndpoint.Port;
        fixture.Broker.Dispose();

        await RunAsync(fixture.DatabasePath, port);

        await fixture.OpenAsync();
        output.WriteLine($"acknowledged {acknowledged.Count}, delivered {delivered.Count}, settlements confirmed {settled.Count}");
        violations.ShouldBeEmpty();
        acknowledged.Count.ShouldBeGreaterThan(Crashes); // There was work in every life, however slow the machine.
        acknowledged.Keys.Except(delivered.Keys).ShouldBeEmpty("acknowledged, but never delivered");
        var dead = await DeadLettersAsync(fixture.Broker);
        dead.ShouldBeUnique();
        acknowledged.Keys.Where(IsBad).Except(dead).ShouldBeEmpty("dead-lettered, but not there");
        dead.Where(id => !IsBad(id)).ShouldBeEmpty();
        fixture.Broker.Count("work").ShouldBe(new QueueCounts(0, 0, 0));
    }

    private async Task RunAsync(string database, int port)
    {
        var options = new QueueConnectionOptions
        {
            Endpoint = new Uri($"amqp://127.0.0.1:{port}"),
            KeyName = "RootManageSharedAccessKey",
            Key = BrokerFixture.RootKey,
            OperationTimeout = TimeSpan.FromSeconds(30),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        };
        var random = new Random(Seed);
        using var stopSending = new CancellationTokenSource();
        using var stopReceiving = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        var child = await BrokerProcess.StartAsync(database, port);
        await using var sender = new QueueSender(options, NullLogger<QueueSender>.Instance);
        var next = 0;
        var sending = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (!stopSending.IsCancellationRequested)
                await SendAsync(sender, Interlocked.Increment(ref next));
        })).ToList();
        var receiving = new QueueReceiver(options, new SettledLogger(settled)).RunAsync("work", Handle, 16, stopReceiving.Token);

        for (var crash = 0; crash < Crashes; crash++)
        {
            await Task.Delay(random.Next(20, 250));
            child.Kill();
            child = await BrokerProcess.StartAsync(database, port);
        }

        await stopSending.CancelAsync();
        await Task.WhenAll(sending).WaitAsync(TimeSpan.FromSeconds(60));
        await WaitUntilDrainedAsync();
        await stopReceiving.CancelAsync();
        await receiving.WaitAsync(TimeSpan.FromSeconds(60));
        await child.StopAsync();
    }

    private async Task SendAsync(QueueSender sender, int id)
    {
        var text = id.ToString(CultureInfo.InvariantCulture);
        try
        {
            await sender.SendAsync("work", new OutgoingMessage { MessageId = text, Body = Encoding.UTF8.GetBytes(text + new string('x', id % 700)) });
            acknowledged[id] = true;
        }
        catch (QueueException)
        {
            // The broker was dead for longer than the sender tries: not acknowledged, so nothing was promised.
        }
    }

    private Task<Settlement> Handle(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var id = int.Parse(message.MessageId, CultureInfo.InvariantCulture);
        if (settled.ContainsKey(message.MessageId))
            violations.Enqueue($"{id} came again after its settlement was confirmed");
        if (Encoding.UTF8.GetString(message.Body.Span) != message.MessageId + new string('x', id % 700))
            violations.Enqueue($"{id} came with another body");
        if (id % AbandonEvery == 0 && message.DeliveryCount == 1)
            return Task.FromResult(Settlement.Abandon);
        delivered[id] = true;
        return Task.FromResult(IsBad(id) ? Settlement.DeadLetter("bad") : Settlement.Complete);
    }

    // Ends when all has come and a second brought nothing new, or when nothing moved for longer than an operation may take; the test then says what is missing.
    private async Task WaitUntilDrainedAsync()
    {
        var (before, moved) = (-1, Environment.TickCount64);
        while (Environment.TickCount64 - moved < 45_000)
        {
            var now = delivered.Count + settled.Count;
            if (now != before)
                (before, moved) = (now, Environment.TickCount64);
            else if (!acknowledged.Keys.Except(delivered.Keys).Any())
                return;
            await Task.Delay(1000);
        }
    }

    private static async Task<List<int>> DeadLettersAsync(EmbeddedBroker broker)
    {
        var dead = new List<int>();
        while (await broker.ReceiveAsync("work/$DeadLetterQueue", 100, TimeSpan.FromMilliseconds(300)) is { Count: > 0 } batch)
        {
            foreach (var message in batch)
            {
                message.DeadLetterReason.ShouldBe("bad");
                dead.Add(int.Parse(message.MessageId!, CultureInfo.InvariantCulture));
                (await broker.CompleteAsync(message)).ShouldBeTrue();
            }
        }
        return dead;
    }

    private static bool IsBad(int id) => id % DeadLetterEvery == 0;

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>Collects the ids whose completion or dead-lettering the receiver logs as confirmed.</summary>
    private sealed class SettledLogger(ConcurrentDictionary<string, bool> settled) : ILogger<QueueReceiver>
    {
        private const int SettledEvent = 3016;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != SettledEvent || state is not IReadOnlyList<KeyValuePair<string, object?>> values)
                return;
            var fields = values.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
            if (fields["Settlement"] is not SettlementKind.Abandon)
                settled[(string)fields["MessageId"]!] = true;
        }
    }
}
