using System.Threading.Channels;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>
/// The only writer of the file. Writes that wait at the same moment are committed together, with one sync; each caller continues
/// after the commit that holds its write.
/// </summary>
internal sealed class HubWriter : IAsyncDisposable
{
    private const int LargestGroup = 512;

    private readonly HubConnection connection;
    private readonly Channel<Write> queue = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Thread thread;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HubWriter(HubDatabase database)
    {
        connection = new HubConnection(database.Connect());
        thread = new Thread(Run) { IsBackground = true, Name = "durable-task-writer" };
        thread.Start();
    }

    /// <summary>Runs a write inside the next commit and returns its result once that is on disk. A write that throws changes nothing.</summary>
    public async Task<T> CommitAsync<T>(Func<HubConnection, T> write)
    {
        var item = new Write(c => write(c));
        if (!queue.Writer.TryWrite(item))
        {
            throw new ObjectDisposedException(nameof(HubWriter), "The durable task engine has stopped.");
        }

        return (T)(await item.Done.Task)!;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await ended.Task;
        connection.Dispose();
    }

    private void Run()
    {
        var group = new List<Write>();
        try
        {
            while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                group.Clear();
                while (group.Count < LargestGroup && queue.Reader.TryRead(out var item))
                {
                    group.Add(item);
                }

                Commit(group);
            }
        }
        finally
        {
            ended.SetResult();
        }
    }

    private void Commit(List<Write> group)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            foreach (var item in group)
            {
                item.Result = item.Action(connection);
            }

            connection.Execute("COMMIT");
        }
        catch (Exception e)
        {
            TryRollBack();
            if (group.Count == 1)
            {
                group[0].Done.SetException(e);
            }
            else
            {
                // One of them is bad: each gets a commit of its own, so that only the bad one fails.
                group.ForEach(item => Commit([item]));
            }

            return;
        }

        group.ForEach(item => item.Done.SetResult(item.Result));
    }

    private void TryRollBack()
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // SQLite has rolled back by itself.
        }
    }

    private sealed class Write(Func<HubConnection, object?> action)
    {
        public Func<HubConnection, object?> Action => action;

        public object? Result { get; set; }

        public TaskCompletionSource<object?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
