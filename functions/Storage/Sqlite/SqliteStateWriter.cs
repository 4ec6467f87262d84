using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace VpsPilot.Functions.Storage.Sqlite;

internal enum StateWriteKind
{
    Insert,
    Replace,
    Upsert,
    Delete,
    DeleteVersion,
}

internal sealed record StateWrite(StateWriteKind Kind, string Partition, string Key, byte[] Json, long Version)
{
    /// <summary>It may be held back for a moment, to be flushed with others.</summary>
    public bool MayWait { get; init; }

    public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The one writer of the state database: takes what waits, commits it in one transaction, then answers.</summary>
internal sealed class SqliteStateWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;

    /// <summary>So many that may wait are flushed at once: their senders do nothing else meanwhile.</summary>
    private const int MostHeldBack = 8;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly SqliteConnection connection;
    private readonly SqliteWriteCommands commands;
    private readonly Channel<StateWrite> waiting = Channel.CreateBounded<StateWrite>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Task loop;

    public SqliteStateWriter(SqliteConnection connection)
    {
        this.connection = connection;
        commands = new SqliteWriteCommands(connection);
        loop = Task.Run(RunAsync);
    }

    /// <summary>The new version of the document (1 for a delete), once it is on disk; 0 when the condition did not hold.</summary>
    public async Task<long> WriteAsync(StateWrite write)
    {
        await waiting.Writer.WriteAsync(write);
        return await write.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        commands.Dispose();
        await connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<StateWrite>(MaxBatch);
        while (await waiting.Reader.WaitToReadAsync())
        {
            Take(batch);
            await HoldBackAsync(batch);
            Commit(batch);
            batch.Clear();
        }
    }

    private void Take(List<StateWrite> batch)
    {
        while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var write))
        {
            batch.Add(write);
        }
    }

    /// <summary>Waits for more where all of a batch may wait; by the machine's own clock, since this is about its disk.</summary>
    private async Task HoldBackAsync(List<StateWrite> batch)
    {
        if (!MayWait(batch))
        {
            return;
        }

        using var over = new CancellationTokenSource(LongestWait);
        while (MayWait(batch))
        {
            var more = waiting.Reader.WaitToReadAsync(over.Token).AsTask();
            await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!more.IsCompletedSuccessfully || !await more)
            {
                return;
            }

            Take(batch);
        }
    }

    private static bool MayWait(List<StateWrite> batch) => batch.Count < MostHeldBack && batch.TrueForAll(w => w.MayWait);

    private void Commit(List<StateWrite> batch)
    {
        var answers = new long[batch.Count];
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            for (var i = 0; i < batch.Count; i++)
            {
                answers[i] = commands.Execute(batch[i], transaction);
            }

            transaction.Commit();
        }
        catch (SqliteException e)
        {
            batch.ForEach(w => w.Done.SetException(e));
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Done.SetResult(answers[i]);
        }
    }
}
