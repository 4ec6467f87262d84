using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>The open database with the queues in it.</summary>
internal sealed class BrokerStore : IDisposable
{
    private readonly BrokerDatabase database;
    private readonly StoreWriter writer;

    public BrokerStore(EmbeddedBrokerOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        Time = time;
        Logger = logger;
        database = BrokerDatabase.Open(options.DatabasePath);
        Reader = new StoreReader(database.Connect(readOnly: true));
        writer = new StoreWriter(database.Connect(readOnly: false), options.MaxPendingWriteBytes, logger);
        Schedule = new ScheduledMessages(this);
        Queues = new QueueCatalog(this);
        Queues.Load();
        Schedule.OnTimer();
    }

    public EmbeddedBrokerOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public StoreReader Reader { get; }

    public QueueCatalog Queues { get; }

    public ScheduledMessages Schedule { get; }

    public T Write<T>(T operation)
        where T : WriteOperation
    {
        writer.Enqueue(operation);
        return operation;
    }

    public EnqueueOperation Send(QueueEntity queue, NewMessage[] messages, Action<Exception?>? onSettled = null) =>
        Write(new EnqueueOperation(queue, messages, this) { OnSettled = onSettled });

    public void Dispose()
    {
        Schedule.Dispose();
        writer.Stop();
        Queues.Dispose();
        // The connection that can write closes last, so that it moves the log into the file.
        Reader.Dispose();
        writer.Dispose();
        database.Dispose();
    }
}
