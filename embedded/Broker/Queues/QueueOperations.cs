using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>Stores the messages of one send, all or none.</summary>
internal sealed class EnqueueOperation(QueueEntity queue, NewMessage[] messages, BrokerStore store) : WriteOperation
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromSeconds(10);
    private readonly List<(Entry Entry, long? DueAt)> stored = [];

    /// <summary>Per message its sequence number, or null for a dropped duplicate.</summary>
    public long?[] Sequences { get; } = new long?[messages.Length];

    public override bool Lazy { get; } = messages.All(message => message.CanWait);

    public override int Bytes { get; } = messages.Sum(message => message.Payload.Length + (message.Annotations?.Length ?? 0) + 200);

    public override void Apply(StoreSession session)
    {
        if (queue.Deleted.IsCancellationRequested)
            throw new QueueNotFoundException(queue.Name);
        stored.Clear();
        var settings = queue.Settings;
        var now = store.Time.Now();
        for (var i = 0; i < messages.Length; i++)
        {
            var message = messages[i];
            Sequences[i] = null;
            if (settings.RequiresDuplicateDetection && message.MessageId is { } id && IsDuplicate(session, settings, id, now))
                continue;
            var dueAt = message.DueAt > now ? message.DueAt : null;
            var life = Math.Min(message.TimeToLive ?? Clock.Never, Clock.ToMilliseconds(settings.DefaultTimeToLive));
            var sequence = session.NextSequence();
            var entry = new Entry { Sequence = sequence, Body = sequence, EnqueuedAt = dueAt ?? now, ExpiresAt = Clock.After(dueAt ?? now, life) };
            session.InsertBody(sequence, message);
            session.InsertMessage(queue.Id, dueAt is null ? Box.Active : Box.Scheduled, entry, dueAt);
            stored.Add((entry, dueAt));
            Sequences[i] = sequence;
        }
    }

    protected override void Committed()
    {
        foreach (var (entry, dueAt) in stored)
        {
            if (dueAt is { } at)
            {
                queue.AddScheduled(1);
                store.Schedule.Expect(at);
            }
            else
            {
                queue.Active.Append(entry);
            }
        }
    }

    private bool IsDuplicate(StoreSession session, QueueSettings settings, string id, long now)
    {
        var since = now - Clock.ToMilliseconds(settings.DuplicateDetectionWindow);
        if (now - queue.IdsForgottenAt > ForgetEvery.TotalMilliseconds)
        {
            queue.IdsForgottenAt = now;
            session.ForgetIds.Execute(queue.Id, since);
        }
        if (session.SeenSince.Scalar(queue.Id, id, since) is not null)
            return true;
        session.RememberId.Execute(queue.Id, id, now);
        return false;
    }
}

/// <summary>Stores how often a message was delivered, so that one that kills its receiver is not delivered for ever.</summary>
internal sealed class CountDeliveryOperation(QueueBox box, Entry entry) : WriteOperation
{
    public override bool Lazy => true;

    public override void Apply(StoreSession session)
    {
        if (entry.State != EntryState.Settling)
            session.CountDelivery.Execute(box.Queue.Id, (long)box.Box, entry.Sequence, (long)entry.DeliveryCount);
    }
}

/// <summary>Ends a message.</summary>
internal sealed class RemoveOperation(QueueBox box, Entry entry) : WriteOperation
{
    /// <summary>Whoever ends it waits for the answer alone, and has other messages in hand meanwhile.</summary>
    public bool MayWait { get; init; }

    public override bool Lazy => MayWait;

    public override void Apply(StoreSession session)
    {
        session.DeleteMessage.Execute(box.Queue.Id, (long)box.Box, entry.Sequence);
        session.DeleteBody.Execute(entry.Body);
    }

    protected override void Committed() => box.Removed();

    protected override void Settled(Exception? error)
    {
        if (error is not null)
            box.PutBackLater(entry);
    }
}

/// <summary>Moves a message to the end of the dead-letter box.</summary>
internal sealed class DeadLetterOperation(QueueBox box, Entry entry, string? reason, string? description, byte[]? payload) : WriteOperation
{
    private Entry? moved;

    public override void Apply(StoreSession session)
    {
        session.DeleteMessage.Execute(box.Queue.Id, (long)box.Box, entry.Sequence);
        moved = new Entry
        {
            Sequence = session.NextSequence(),
            Body = entry.Body,
            EnqueuedAt = entry.EnqueuedAt,
            ExpiresAt = Clock.Never,
            DeliveryCount = entry.DeliveryCount,
        };
        session.InsertMessage(box.Queue.Id, Box.DeadLetter, moved, null, reason, description);
        if (payload is not null)
            session.ReplacePayload.Execute(entry.Body, payload);
    }

    protected override void Committed()
    {
        box.Removed();
        box.Queue.DeadLetter.Append(moved!);
    }

    protected override void Settled(Exception? error)
    {
        if (error is not null)
            box.PutBackLater(entry);
    }
}

/// <summary>Stores changed properties of an abandoned message, then makes it available.</summary>
internal sealed class ReplacePayloadOperation(QueueBox box, Entry entry, byte[] payload) : WriteOperation
{
    public override void Apply(StoreSession session)
    {
        session.ReplacePayload.Execute(entry.Body, payload);
        session.CountDelivery.Execute(box.Queue.Id, (long)box.Box, entry.Sequence, (long)entry.DeliveryCount);
    }

    protected override void Settled(Exception? error)
    {
        if (error is null)
            box.PutBack(entry);
        else
            box.PutBackLater(entry);
    }
}

/// <summary>A rare change, written where it is asked for.</summary>
internal sealed class ChangeOperation(Action<StoreSession> apply, Action? committed = null) : WriteOperation
{
    public override void Apply(StoreSession session) => apply(session);

    protected override void Committed() => committed?.Invoke();
}
