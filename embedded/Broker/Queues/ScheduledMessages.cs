using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>Makes scheduled messages active when they are due. A message gets a new sequence number then, as in Service Bus.</summary>
internal sealed class ScheduledMessages : IDisposable
{
    private const int PerCommit = 500;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly BrokerStore store;
    private readonly ITimer timer;
    private long expected = Clock.Never;

    public ScheduledMessages(BrokerStore store)
    {
        this.store = store;
        timer = store.Time.CreateTimer(static self => ((ScheduledMessages)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>There is a message due at this time (Unix milliseconds).</summary>
    public void Expect(long at)
    {
        lock (gate)
        {
            if (at >= expected)
                return;
            expected = at;
            var wait = TimeSpan.FromMilliseconds(Math.Max(0, at - store.Time.Now()));
            timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Removes a scheduled message. False when there is none of that number.</summary>
    public async Task<bool> CancelAsync(QueueEntity queue, long sequence)
    {
        var found = false;
        await store.Write(new ChangeOperation(
            session =>
            {
                found = session.DeleteMessage.Execute(queue.Id, (long)Box.Scheduled, sequence) == 1;
                if (found)
                    session.DeleteBody.Execute(sequence);
            },
            () => queue.AddScheduled(found ? -1 : 0))).Done;
        return found;
    }

    public void OnTimer()
    {
        lock (gate)
            expected = Clock.Never;
        store.Write(new ActivateOperation(store));
    }

    public void Dispose() => timer.Dispose();

    private sealed class ActivateOperation(BrokerStore store) : WriteOperation
    {
        private readonly List<(QueueEntity Queue, Entry Entry)> activated = [];
        private long? next;

        public override void Apply(StoreSession session)
        {
            activated.Clear();
            var due = new List<(long Queue, long Sequence, long Body, long ExpiresAt, long DueAt)>();
            using (var rows = session.SelectDue.Read(store.Time.Now(), (long)PerCommit))
            {
                while (rows.Read())
                    due.Add((rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4)));
            }
            foreach (var row in due)
            {
                session.DeleteMessage.Execute(row.Queue, (long)Box.Scheduled, row.Sequence);
                if (store.Queues.Find(row.Queue) is not { } queue)
                    continue;
                var entry = new Entry { Sequence = session.NextSequence(), Body = row.Body, EnqueuedAt = row.DueAt, ExpiresAt = row.ExpiresAt };
                session.InsertMessage(row.Queue, Box.Active, entry);
                activated.Add((queue, entry));
            }
            next = session.NextDue.Scalar() as long?;
        }

        protected override void Committed()
        {
            foreach (var (queue, entry) in activated)
            {
                queue.AddScheduled(-1);
                queue.Active.Append(entry);
            }
            if (next is { } at)
                store.Schedule.Expect(at);
        }
    }
}
