namespace VpsPilot.Functions.Streams;

/// <summary>Wakes the streams of this process when something changed. Streams also look by themselves, since another process may have changed it.</summary>
internal sealed class Signal(TimeProvider time)
{
    /// <summary>However much changes, a stream looks no more often.</summary>
    private static readonly TimeSpan AtLeast = TimeSpan.FromMilliseconds(100);

    private volatile TaskCompletionSource next = New();

    public void Pulse() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <summary>The next pulse from now on; to be taken before looking, so that no change falls between.</summary>
    public Task Next => next.Task;

    /// <summary>Returns at the pulse, or after a while.</summary>
    public async Task WaitAsync(Task pulse, TimeSpan atMost, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(pulse, Task.Delay(atMost, time, over.Token));
        await over.CancelAsync();
        await Task.Delay(AtLeast, time, ct);
        ct.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
