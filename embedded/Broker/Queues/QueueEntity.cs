using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>One queue with its two receivable boxes.</summary>
internal sealed class QueueEntity : IDisposable
{
    private readonly CancellationTokenSource deleted = new();
    private long scheduled;

    public QueueEntity(long id, string name, QueueSettings settings, BrokerStore store)
    {
        Id = id;
        Name = name;
        Settings = settings;
        Deleted = deleted.Token;
        var counts = store.Reader.Counts(id);
        Active = new QueueBox(this, Box.Active, store, counts.GetValueOrDefault(Box.Active));
        DeadLetter = new QueueBox(this, Box.DeadLetter, store, counts.GetValueOrDefault(Box.DeadLetter));
        scheduled = counts.GetValueOrDefault(Box.Scheduled).Count;
        Active.Start();
        DeadLetter.Start();
    }

    public long Id { get; }

    public string Name { get; }

    public QueueSettings Settings { get; private set; }

    public QueueBox Active { get; }

    public QueueBox DeadLetter { get; }

    /// <summary>Canceled when the queue is deleted, so that its links close.</summary>
    public CancellationToken Deleted { get; }

    public QueueCounts Counts => new(Active.Count, DeadLetter.Count, Volatile.Read(ref scheduled));

    /// <summary>When ids were last forgotten; used by the writer thread only.</summary>
    public long IdsForgottenAt { get; set; }

    /// <summary>Raised when the rules are others than before.</summary>
    public event EventHandler? RulesChanged;

    public void Change(QueueSettings settings)
    {
        var isAccess = !settings.Rules.SequenceEqual(Settings.Rules);
        Settings = settings;
        if (isAccess)
            RulesChanged?.Invoke(this, EventArgs.Empty);
    }

    public void AddScheduled(int count) => Interlocked.Add(ref scheduled, count);

    public void MarkDeleted() => deleted.Cancel();

    public void Dispose()
    {
        Active.Dispose();
        DeadLetter.Dispose();
        deleted.Dispose();
    }
}
