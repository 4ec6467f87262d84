using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Embedded.Broker;
using VpsPilot.Messaging;

namespace VpsPilot.Bench.Broker;

/// <summary>A broker with its client in one process, over loopback TCP, on a file with full durability.</summary>
internal sealed class Workload : IAsyncDisposable
{
    private const string Queue = "bench";
    private const int BodyBytes = 1024;
    private readonly string folder = Directory.CreateTempSubdirectory("bench-broker-").FullName;
    private readonly IHost host;

    private Workload()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedBroker(options =>
        {
            options.DatabasePath = Path.Combine(folder, "broker.db");
            options.AmqpEndpoint = new Uri("amqp://127.0.0.1:0");
            options.RootKey = "YmVuY2gta2V5LW9mLXRoZS1icm9rZXItMDEyMzQ1Njc=";
        });
        host = builder.Build();
    }

    private IBroker Broker => host.Services.GetRequiredService<IBroker>();

    private QueueConnectionOptions Options => new()
    {
        Endpoint = Broker.AmqpEndpoint,
        KeyName = "RootManageSharedAccessKey",
        Key = "YmVuY2gta2V5LW9mLXRoZS1icm9rZXItMDEyMzQ1Njc=",
    };

    public static async Task<Workload> StartAsync()
    {
        var workload = new Workload();
        await workload.host.StartAsync();
        await workload.Broker.CreateQueueAsync(Queue);
        return workload;
    }

    /// <summary>Sends and settles so many messages with so many in flight on each side; returns messages a second.</summary>
    public async Task<double> SendAndSettleAsync(int messages, int inFlight)
    {
        await using var sender = new QueueSender(Options, NullLogger<QueueSender>.Instance);
        await sender.SendAsync(Queue, Message());
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var settled = 0;
        var receiving = new QueueReceiver(Options, NullLogger<QueueReceiver>.Instance).RunAsync(Queue, (_, _) =>
        {
            if (Interlocked.Increment(ref settled) == messages + 1)
                stop.Cancel();
            return Task.FromResult(Settlement.Complete);
        }, inFlight, stop.Token);
        var watch = Stopwatch.StartNew();
        await SendAsync(sender, messages, inFlight);
        await receiving;
        var rate = messages / watch.Elapsed.TotalSeconds;
        return Broker.Count(Queue).Active == 0 ? rate : throw new InvalidOperationException("Not every message was settled.");
    }

    /// <summary>Only sends; returns messages a second. The queue is then emptied.</summary>
    public async Task<double> SendAsync(int messages, int inFlight)
    {
        await using var sender = new QueueSender(Options, NullLogger<QueueSender>.Instance);
        await sender.SendAsync(Queue, Message());
        var watch = Stopwatch.StartNew();
        await SendAsync(sender, messages, inFlight);
        var rate = messages / watch.Elapsed.TotalSeconds;
        await Broker.DeleteQueueAsync(Queue);
        await Broker.CreateQueueAsync(Queue);
        return rate;
    }

    /// <summary>Time from sending to the handler, one message at a time; the median in milliseconds.</summary>
    public async Task<double> LatencyAsync(int messages)
    {
        await using var sender = new QueueSender(Options, NullLogger<QueueSender>.Instance);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var arrived = new SemaphoreSlim(0);
        var receiving = new QueueReceiver(Options, NullLogger<QueueReceiver>.Instance).RunAsync(Queue, (_, _) =>
        {
            arrived.Release();
            return Task.FromResult(Settlement.Complete);
        }, 1, stop.Token);
        var times = new List<double>();
        for (var i = 0; i < messages; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await sender.SendAsync(Queue, Message());
            await arrived.WaitAsync(stop.Token);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        await stop.CancelAsync();
        await receiving;
        times.Sort();
        return times[times.Count / 2];
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static OutgoingMessage Message() => new() { MessageId = Guid.NewGuid().ToString("N"), Body = new byte[BodyBytes] };

    private static Task SendAsync(QueueSender sender, int messages, int inFlight)
    {
        var left = messages;
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await sender.SendAsync(Queue, Message());
        })));
    }
}
