namespace VpsPilot.Embedded.DurableTask.Hosting;

/// <summary>
/// Tells running activities that the host stops and will not wait much longer. An activity takes it as a service; one that then throws
/// <see cref="OperationCanceledException"/> has not failed: it runs again at the next start.
/// </summary>
public sealed class ActivityInterruption : IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <summary>Signaled when half of <see cref="EmbeddedDurableTaskOptions.DrainTimeout"/> has passed since the stop began.</summary>
    public CancellationToken Token => source.Token;

    /// <inheritdoc />
    public void Dispose() => source.Dispose();

    internal Task SignalAsync() => source.CancelAsync();
}
