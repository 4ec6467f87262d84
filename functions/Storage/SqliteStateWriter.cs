using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace VpsPilot.Functions.Storage;

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
    public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The one writer of the state database: takes what waits, commits it in one transaction, then answers.</summary>
internal sealed class SqliteStateWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;

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
            while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            Commit(batch);
            batch.Clear();
        }
    }

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
