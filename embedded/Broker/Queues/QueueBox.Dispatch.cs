using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <content>Hands ready messages to consumers in turn; one thread at a time, so that order is kept.</content>
internal sealed partial class QueueBox : IThreadPoolWorkItem
{
    private readonly List<IConsumer> consumers = [];
    private int turn;
    private int requests;

    public void Add(IConsumer consumer)
    {
        lock (gate)
            consumers.Add(consumer);
        Wake();
    }

    /// <summary>Takes a consumer off; its locks are lost and the messages become available.</summary>
    public void Remove(IConsumer consumer)
    {
        lock (gate)
        {
            consumers.Remove(consumer);
            foreach (var held in locks.Values.Where(held => ReferenceEquals(held.Owner, consumer)).ToList())
            {
                locks.Remove(held.Token);
                Release(held.Entry);
            }
        }
        Wake();
    }

    /// <summary>Takes a consumer off that goes on holding its locks.</summary>
    public void Leave(IConsumer consumer)
    {
        lock (gate)
            consumers.Remove(consumer);
    }

    /// <summary>There may be something to hand out.</summary>
    public void Wake()
    {
        if (Interlocked.Increment(ref requests) == 1)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref requests);
            Try(Dispatch);
        }
        while (Interlocked.Add(ref requests, -seen) > 0);
    }

    private void Dispatch()
    {
        while (Next() is { } consumer)
        {
            MessageLock? held;
            try
            {
                held = TryTake(consumer);
            }
            catch
            {
                consumer.Unreserve();
                throw;
            }
            if (held is null)
            {
                consumer.Unreserve();
                List<IConsumer> idle;
                lock (gate)
                    idle = [.. consumers];
                idle.ForEach(each => each.Idle());
                return;
            }
            StoredContent? content;
            try
            {
                content = store.Reader.Content(Queue.Id, Box, held.Entry.Sequence);
            }
            catch
            {
                consumer.Unreserve();
                Undo(held, vanished: false);
                throw;
            }
            if (content is null)
            {
                consumer.Unreserve();
                Undo(held, vanished: true);
            }
            else
            {
                Deliver(consumer, held, content);
            }
        }
    }

    private void Deliver(IConsumer consumer, MessageLock held, StoredContent content)
    {
        try
        {
            if (!consumer.Deliver(held, content))
                Undo(held, vanished: false);
        }
        catch (Exception e)
        {
            // What cannot be encoded for this receiver cannot be for the next one either.
            consumer.Unreserve();
            DeadLetter(held.Token, "Undeliverable", e.Message);
        }
    }

    private IConsumer? Next()
    {
        lock (gate)
        {
            for (var i = 0; i < consumers.Count; i++)
            {
                turn = (turn + 1) % consumers.Count;
                if (consumers[turn].TryReserve())
                    return consumers[turn];
            }
            return null;
        }
    }
}
