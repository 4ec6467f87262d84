namespace VpsPilot.Functions.Secrets.KeyVault;

/// <summary>Reads something once for all who ask at the same time. What one gets was read after they asked: nobody sees what is out of date.</summary>
/// <param name="read">Reads it.</param>
internal sealed class SharedReading<T>(Func<Task<T>> read)
{
    private readonly Lock gate = new();
    private Task<T>? running;
    private Task<T>? next;

    public Task<T> ReadAsync(CancellationToken ct)
    {
        lock (gate)
        {
            next ??= AfterAsync(running);
            return next.WaitAsync(ct);
        }
    }

    private async Task<T> AfterAsync(Task? earlier)
    {
        await Task.Yield();
        if (earlier is not null)
        {
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (gate)
        {
            (running, next) = (next, null);
        }

        return await read();
    }
}
