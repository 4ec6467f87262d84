namespace VpsPilot.Messaging;

/// <summary>Growing, jittered waits between attempts: half of the step is fixed, half is random.</summary>
internal sealed class Backoff(TimeSpan longest, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private int attempt;

    public int Attempt => attempt;

    public void Reset() => attempt = 0;

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Next(), time, cancellationToken);

    public TimeSpan Next()
    {
        var step = TimeSpan.FromMilliseconds(Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt++, 20)), longest.TotalMilliseconds));
#pragma warning disable CA5394 // Spreads load; nothing secret depends on it.
        return (step / 2) + (step / 2 * Random.Shared.NextDouble());
#pragma warning restore CA5394
    }
}
