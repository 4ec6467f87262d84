namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>
/// One change to the database. <see cref="Apply"/> may run twice (a failed batch is repeated one by one), so it only sets
/// its own fields; memory changes in <see cref="Committed"/>.
/// </summary>
internal abstract class WriteOperation
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends after the commit; fails with what kept the change from being stored.</summary>
    public Task Done => done.Task;

    /// <summary>Called on the thread pool with the outcome; null when the change is on disk.</summary>
    public Action<Exception?>? OnSettled { get; init; }

    /// <summary>Memory that it holds while it waits, for back-pressure.</summary>
    public virtual int Bytes => 0;

    /// <summary>Whether it may wait a moment for the commit of others.</summary>
    public virtual bool Lazy => false;

    /// <summary>Runs on the writer thread inside the transaction.</summary>
    public abstract void Apply(StoreSession session);

    /// <summary>Runs on the writer thread after the commit, in commit order; must be short.</summary>
    protected virtual void Committed()
    {
    }

    /// <summary>Runs on the thread pool after <see cref="Committed"/>, or after a failure with its cause.</summary>
    protected virtual void Settled(Exception? error)
    {
    }

    public void OnCommitted() => Committed();

    public void Finish(Exception? error)
    {
        Settled(error);
        OnSettled?.Invoke(error);
        if (error is null)
            done.TrySetResult();
        else
            done.TrySetException(error);
        // Who does not wait has its answer through Settled.
        _ = done.Task.Exception;
    }
}
