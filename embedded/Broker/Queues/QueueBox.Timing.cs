using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <content>Ends of locks and of lives. One timer stands at the earliest known end; it looks for the next when it fires.</content>
internal sealed partial class QueueBox
{
    private const int RetryMilliseconds = 1000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private void OnTimer()
    {
        lock (gate)
            timerAt = Clock.Never;
        Try(EndWhatIsOver);
        Wake();
    }

    // Nobody above could catch it, and the next attempt may succeed.
    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            LogFailed(store.Logger, Queue.Name, e);
            lock (gate)
            {
                var now = store.Time.Now();
                Arm(now + RetryMilliseconds, now);
            }
        }
    }

    private void EndWhatIsOver()
    {
        lock (gate)
        {
            var now = store.Time.Now();
            foreach (var held in locks.Values.Where(held => held.Until <= now).ToList())
            {
                locks.Remove(held.Token);
                Release(held.Entry);
            }
            do
            {
                foreach (var (entry, _) in ready.UnorderedItems)
                {
                    if (entry.State == EntryState.Ready)
                        IsOver(entry, now);
                }
                DropFinished();
            }
            while (ready.Count == 0 && LoadPage());
            var next = locks.Values.Aggregate(Clock.Never, (least, held) => Math.Min(least, held.Until));
            if (HasLimits)
                next = ready.UnorderedItems.Aggregate(next, (least, item) => Math.Min(least, item.Element.ExpiresAt));
            Arm(next, now);
        }
    }

    private void DropFinished()
    {
        if (ready.UnorderedItems.All(item => item.Element.State == EntryState.Ready))
            return;
        var rest = ready.UnorderedItems.Where(item => item.Element.State == EntryState.Ready).ToList();
        ready.Clear();
        ready.EnqueueRange(rest);
    }

    private void Arm(long at, long now)
    {
        if (at >= timerAt)
            return;
        timerAt = at;
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, at - now));
        timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "Queue {Queue} could not be served; it is tried again.")]
    private static partial void LogFailed(ILogger logger, string queue, Exception exception);
}
