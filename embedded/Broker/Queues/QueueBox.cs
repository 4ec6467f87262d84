using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>
/// The ready and locked messages of one box. Memory holds the headers of a page of ready messages and of the locked ones;
/// everything up to <c>loadedThrough</c> is here or gone, everything after it is on disk only.
/// </summary>
internal sealed partial class QueueBox : IDisposable
{
    private readonly Lock gate = new();
    private readonly BrokerStore store;
    private readonly PriorityQueue<Entry, long> ready = new();
    private readonly Dictionary<Guid, MessageLock> locks = [];
    private readonly ITimer timer;
    private long timerAt = Clock.Never;
    private long loadedThrough;
    private long lastSequence;
    private long count;

    public QueueBox(QueueEntity queue, Box box, BrokerStore store, (long Count, long Last) stored)
    {
        Queue = queue;
        Box = box;
        this.store = store;
        (count, lastSequence) = stored;
        timer = store.Time.CreateTimer(static box => ((QueueBox)box!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public QueueEntity Queue { get; }

    public Box Box { get; }

    public long Count => Interlocked.Read(ref count);

    /// <summary>How many are under a lock now.</summary>
    public long Locked
    {
        get
        {
            lock (gate)
                return locks.Count;
        }
    }

    private bool HasLimits => Box == Box.Active;

    /// <summary>Loads what is there. Both boxes of the queue have to exist by then: what is over moves from one to the other.</summary>
    public void Start() => OnTimer();

    /// <summary>A committed message, in commit order.</summary>
    public void Append(Entry entry)
    {
        Interlocked.Increment(ref count);
        lock (gate)
        {
            var backlog = loadedThrough < lastSequence;
            lastSequence = Math.Max(lastSequence, entry.Sequence);
            // A page read after the commit may have brought it already.
            if (entry.Sequence > loadedThrough && !backlog && ready.Count < store.Options.ReadyPageSize)
            {
                loadedThrough = entry.Sequence;
                MakeReady(entry);
            }
        }
        Wake();
    }

    /// <summary>A committed removal.</summary>
    public void Removed() => Interlocked.Decrement(ref count);

    /// <summary>Makes a message available that comes again as its receiver wished.</summary>
    public void PutBack(Entry entry)
    {
        lock (gate)
            MakeReady(entry);
        Wake();
    }

    /// <summary>Gives a message back whose settlement could not be stored: under a lock of nobody for a moment, since at once a full disk would make a busy loop.</summary>
    public void PutBackLater(Entry entry)
    {
        lock (gate)
        {
            var now = store.Time.Now();
            entry.State = EntryState.Locked;
            var pause = new MessageLock(entry, null, now + RetryMilliseconds);
            locks.Add(pause.Token, pause);
            Arm(pause.Until, now);
        }
    }

    /// <summary>Takes the lock away when it still holds; the message then belongs to the caller, who settles it.</summary>
    public Entry? Unlock(Guid token)
    {
        lock (gate)
        {
            if (!locks.Remove(token, out var held))
                return null;
            if (held.Until > store.Time.Now())
            {
                held.Entry.State = EntryState.Settling;
                return held.Entry;
            }
            Release(held.Entry);
        }
        Wake();
        return null;
    }

    /// <summary>Removes a locked message. Null when the lock was lost.</summary>
    public WriteOperation? Complete(Guid token, Action<Exception?>? onSettled = null, bool mayWait = false) =>
        Unlock(token) is { } entry ? store.Write(new RemoveOperation(this, entry) { OnSettled = onSettled, MayWait = mayWait }) : null;

    /// <summary>Moves a locked message to the dead-letter box. Null when the lock was lost.</summary>
    public WriteOperation? DeadLetter(Guid token, string? reason, string? description, byte[]? payload = null, Action<Exception?>? onSettled = null) =>
        Unlock(token) is { } entry
            ? store.Write(new DeadLetterOperation(this, entry, reason, description, payload) { OnSettled = onSettled })
            : null;

    /// <summary>Gives a locked message back as a failed attempt. False when the lock was lost.</summary>
    public bool Abandon(Guid token)
    {
        if (Unlock(token) is not { } entry)
            return false;
        lock (gate)
            Release(entry);
        Wake();
        return true;
    }

    /// <summary>Like abandoning, with a changed payload. Null when the lock was lost.</summary>
    public WriteOperation? Abandon(Guid token, byte[] payload, Action<Exception?>? onSettled) =>
        Unlock(token) is { } entry ? store.Write(new ReplacePayloadOperation(this, entry, payload) { OnSettled = onSettled }) : null;

    /// <summary>Starts the lock anew. Null when it was lost.</summary>
    public DateTimeOffset? Renew(Guid token)
    {
        lock (gate)
        {
            var now = store.Time.Now();
            if (!locks.TryGetValue(token, out var held) || held.Until <= now)
                return null;
            held.Until = Clock.After(now, Clock.ToMilliseconds(Queue.Settings.LockDuration));
            return Clock.ToTime(held.Until);
        }
    }

    /// <summary>The content of a message that the caller holds.</summary>
    public StoredContent? Content(Guid token)
    {
        long sequence;
        lock (gate)
        {
            if (!locks.TryGetValue(token, out var held))
                return null;
            sequence = held.Entry.Sequence;
        }
        return store.Reader.Content(Queue.Id, Box, sequence);
    }

    public void Dispose() => timer.Dispose();

    private MessageLock? TryTake(IConsumer owner)
    {
        lock (gate)
        {
            var now = store.Time.Now();
            while (true)
            {
                if (!ready.TryDequeue(out var entry, out _))
                {
                    if (!LoadPage())
                        return null;
                    continue;
                }
                if (entry.State != EntryState.Ready || IsOver(entry, now))
                    continue;
                entry.State = EntryState.Locked;
                entry.DeliveryCount++;
                var held = new MessageLock(entry, owner, Clock.After(now, Clock.ToMilliseconds(Queue.Settings.LockDuration)));
                locks.Add(held.Token, held);
                Arm(held.Until, now);
                store.Write(new CountDeliveryOperation(this, entry));
                return held;
            }
        }
    }

    private void Undo(MessageLock held, bool vanished)
    {
        lock (gate)
        {
            if (!locks.Remove(held.Token))
                return;
            if (vanished)
            {
                held.Entry.State = EntryState.Settling;
                return;
            }
            held.Entry.DeliveryCount--;
            MakeReady(held.Entry);
        }
    }

    private void MakeReady(Entry entry)
    {
        entry.State = EntryState.Ready;
        ready.Enqueue(entry, entry.Sequence);
        if (entry.ExpiresAt != Clock.Never && HasLimits)
            Arm(entry.ExpiresAt, store.Time.Now());
    }

    private void Release(Entry entry)
    {
        entry.State = EntryState.Ready;
        if (!IsOver(entry, store.Time.Now()))
            MakeReady(entry);
    }

    /// <summary>Whether the message has reached the end of its life or of its deliveries; then it is on its way out.</summary>
    private bool IsOver(Entry entry, long now)
    {
        if (!HasLimits)
            return false;
        var settings = Queue.Settings;
        if (entry.ExpiresAt <= now)
        {
            entry.State = EntryState.Settling;
            store.Write<WriteOperation>(settings.DeadLetterOnExpiration
                ? new DeadLetterOperation(this, entry, "TTLExpiredException", "The message expired and was dead lettered.", null)
                : new RemoveOperation(this, entry));
            return true;
        }
        if (entry.DeliveryCount >= settings.MaxDeliveryCount)
        {
            entry.State = EntryState.Settling;
            store.Write(new DeadLetterOperation(this, entry, "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {settings.MaxDeliveryCount} delivery attempts.", null));
            return true;
        }
        return false;
    }

    private bool LoadPage()
    {
        if (loadedThrough >= lastSequence)
            return false;
        var page = store.Reader.Page(Queue.Id, Box, loadedThrough, store.Options.ReadyPageSize);
        loadedThrough = page.Count == 0 ? lastSequence : page[^1].Sequence;
        lastSequence = Math.Max(lastSequence, loadedThrough);
        foreach (var entry in page)
            MakeReady(entry);
        return page.Count > 0;
    }
}
