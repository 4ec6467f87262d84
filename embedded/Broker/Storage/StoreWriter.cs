using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>
/// The one thread that writes. Whatever waits when it looks becomes one transaction (group commit); nothing is
/// acknowledged before its commit has reached the disk.
/// </summary>
internal sealed partial class StoreWriter : IDisposable
{
    /// <summary>How many lazy changes are a commit of their own: so many at once mean that receivers are busy, and wait for them.</summary>
    private const int LazyMost = 8;

    private static readonly TimeSpan LazyDelay = TimeSpan.FromMilliseconds(50);

    private readonly object signal = new();
    private readonly StoreSession session;
    private readonly int maxPendingBytes;
    private readonly ILogger logger;
    private readonly Thread thread;
    private List<WriteOperation> pending = [];
    private int eager;
    private long pendingBytes;
    private bool stopped;

    public StoreWriter(SqliteConnection connection, int maxPendingBytes, ILogger logger)
    {
        session = new StoreSession(connection);
        this.maxPendingBytes = maxPendingBytes;
        this.logger = logger;
        thread = new Thread(Run) { IsBackground = true, Name = "broker-writer" };
        thread.Start();
    }

    /// <summary>Queues a change. Blocks while too many bytes wait, which holds back the connection that brings them.</summary>
    public void Enqueue(WriteOperation operation)
    {
        lock (signal)
        {
            while (operation.Bytes > 0 && pendingBytes > maxPendingBytes && !stopped)
                Monitor.Wait(signal);
            if (!stopped)
            {
                pending.Add(operation);
                pendingBytes += operation.Bytes;
                if (!operation.Lazy)
                    eager++;
                Monitor.PulseAll(signal);
                return;
            }
        }
        operation.Finish(new ObjectDisposedException(nameof(StoreWriter)));
    }

    public Task ExecuteAsync(WriteOperation operation)
    {
        Enqueue(operation);
        return operation.Done;
    }

    /// <summary>Commits what waits, then ends the thread. Later changes fail.</summary>
    public void Stop()
    {
        lock (signal)
        {
            stopped = true;
            Monitor.PulseAll(signal);
        }
        thread.Join();
    }

    public void Dispose()
    {
        Stop();
        session.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriteOperation>();
        while (Take(ref batch))
        {
            Commit(batch);
            batch.Clear();
        }
    }

    private bool Take(ref List<WriteOperation> batch)
    {
        lock (signal)
        {
            while (pending.Count == 0 && !stopped)
                Monitor.Wait(signal);
            if (pending.Count == 0)
                return false;
            WaitForMore();
            (batch, pending) = (pending, batch);
            eager = 0;
            pendingBytes = 0;
            Monitor.PulseAll(signal);
            return true;
        }
    }

    /// <summary>Lets lazy changes wait for one that is not, or for more of their kind. Each that comes ends a wait, so the end is by the clock.</summary>
    private void WaitForMore()
    {
        var began = Stopwatch.GetTimestamp();
        while (eager == 0 && pending.Count < LazyMost && !stopped && LazyDelay - Stopwatch.GetElapsedTime(began) is { } left && left > TimeSpan.Zero)
            Monitor.Wait(signal, left);
    }

    private void Commit(List<WriteOperation> batch)
    {
        var error = TryCommit(batch);
        if (error is null || batch.Count == 1)
        {
            Announce([.. batch], error);
            return;
        }
        foreach (var operation in batch)
            Announce([operation], TryCommit([operation]));
    }

    private Exception? TryCommit(List<WriteOperation> batch)
    {
        try
        {
            session.Begin();
            foreach (var operation in batch)
                operation.Apply(session);
            session.Commit();
            return null;
        }
        catch (Exception e)
        {
            if (e is SqliteException)
                LogCommitFailed(logger, batch.Count, e);
            session.RollBack();
            return e;
        }
    }

    private static void Announce(WriteOperation[] operations, Exception? error)
    {
        if (error is null)
        {
            foreach (var operation in operations)
                operation.OnCommitted();
        }
        // Answers go out beside the next commit, not before it.
        ThreadPool.UnsafeQueueUserWorkItem(static state =>
        {
            foreach (var operation in state.operations)
                operation.Finish(state.error);
        }, (operations, error), preferLocal: false);
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "A commit of {Count} changes failed; it is repeated one by one.")]
    private static partial void LogCommitFailed(ILogger logger, int count, Exception exception);
}
