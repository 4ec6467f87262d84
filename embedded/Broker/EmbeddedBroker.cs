using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VpsPilot.Embedded.Broker.Amqp;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker;

/// <summary>Opens the database and the listener with the host, and serves callers inside the process.</summary>
internal sealed partial class EmbeddedBroker(IOptions<EmbeddedBrokerOptions> options, TimeProvider time, ILogger<EmbeddedBroker> logger)
    : IBroker, IHostedLifecycleService, IDisposable
{
    private BrokerStore? store;
    private AmqpServer? server;
    private BrokerMetrics? metrics;

    public Uri AmqpEndpoint => server?.Endpoint ?? throw NotStarted();

    public BrokerStore Store => store ?? throw NotStarted();

    public AccessPolicy Policy => new(Store);

    // Before every StartAsync, so that other hosted services find the broker open.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.DatabasePath.Length == 0 || settings.RootKey.Length == 0)
            throw new InvalidOperationException("The embedded broker needs DatabasePath and RootKey.");
        store = new BrokerStore(settings, time, logger);
        server = OpenServer(store);
        metrics = new BrokerMetrics(store.Queues);
        LogStarted(logger, server.Endpoint, settings.DatabasePath, store.Queues.All.Count);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => store is null ? StartingAsync(cancellationToken) : Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After every StopAsync, so that others can settle what they hold.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref metrics, null)?.Dispose();
        Interlocked.Exchange(ref server, null)?.Dispose();
        Interlocked.Exchange(ref store, null)?.Dispose();
    }

    public Task<bool> CreateQueueAsync(string queue, QueueSettings? settings = null, CancellationToken cancellationToken = default) =>
        Store.Queues.CreateAsync(queue, settings ?? options.Value.QueueDefaults, cancellationToken);

    public Task UpdateQueueAsync(string queue, QueueSettings settings, CancellationToken cancellationToken = default) =>
        Store.Queues.UpdateAsync(queue, settings, cancellationToken);

    public Task<bool> DeleteQueueAsync(string queue, CancellationToken cancellationToken = default) =>
        Store.Queues.DeleteAsync(queue, cancellationToken);

    public QueueSettings? FindQueue(string queue) => Store.Queues.Find(queue)?.Settings;

    public IReadOnlyList<string> ListQueues() => [.. Store.Queues.All.Select(queue => queue.Name)];

    public QueueCounts Count(string queue) => Store.Queues.Get(queue).Counts;

    public async Task<long?> SendAsync(string queue, BrokerMessage message, CancellationToken cancellationToken = default)
    {
        var entity = Store.Queues.Get(queue);
        var encoded = MessageSections.Encode(message);
        if (encoded.Payload.Length > options.Value.MaxMessageSizeBytes)
            throw new ArgumentException($"The message has {encoded.Payload.Length} bytes; at most {options.Value.MaxMessageSizeBytes} are taken.", nameof(message));
        var send = Store.Send(entity, [encoded]);
        await send.Done.WaitAsync(cancellationToken);
        return send.Sequences[0];
    }

    public async Task<IReadOnlyList<LockedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        var (name, kind) = QueueName.Parse(queue);
        var entity = Store.Queues.Get(name);
        var box = kind == Box.Active ? entity.Active : entity.DeadLetter;
        var consumer = new InProcessConsumer(box, maxMessages);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, entity.Deleted);
        box.Add(consumer);
        try
        {
            await consumer.Enough.WaitAsync(maxWait, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            box.Leave(consumer);
        }
        var received = consumer.Close();
        if (cancellationToken.IsCancellationRequested && received.Count > 0)
        {
            foreach (var message in received)
                box.Abandon(message.LockToken);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return received;
    }

    public Task<bool> CompleteAsync(LockedMessage message, CancellationToken cancellationToken = default) =>
        Finished(message.Box.Complete(message.LockToken, mayWait: true), cancellationToken);

    public Task<bool> AbandonAsync(LockedMessage message, CancellationToken cancellationToken = default) =>
        Task.FromResult(message.Box.Abandon(message.LockToken));

    public Task<bool> DeadLetterAsync(LockedMessage message, string reason, string? description = null, CancellationToken cancellationToken = default) =>
        Finished(message.Box.DeadLetter(message.LockToken, reason, description), cancellationToken);

    public DateTimeOffset? RenewLock(LockedMessage message) => message.Box.Renew(message.LockToken);

    private static async Task<bool> Finished(WriteOperation? change, CancellationToken cancellationToken)
    {
        if (change is null)
            return false;
        await change.Done.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>"Any free port" is found before it is bound; another program may take it between the two.</summary>
    private AmqpServer OpenServer(BrokerStore opened)
    {
        for (var attempt = 1; ; attempt++)
        {
            var candidate = new AmqpServer(opened, Policy);
            try
            {
                candidate.Open();
                return candidate;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && opened.Options.AmqpEndpoint.Port == 0 && attempt < 20)
            {
                // Another free port then.
            }
        }
    }

    private static InvalidOperationException NotStarted() => new("The embedded broker is not running: it starts and stops with the host.");

    [LoggerMessage(EventId = 4000, Level = LogLevel.Information, Message = "Broker listens on {Endpoint}; {Queues} queues in {Database}.")]
    private static partial void LogStarted(ILogger logger, Uri endpoint, string database, int queues);
}
