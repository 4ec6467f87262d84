using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>An action of the orchestrator that has not ended. Its continuation runs on the engine's own pump, never elsewhere.</summary>
internal abstract class OpenTask
{
    /// <summary>Ends it well.</summary>
    public abstract void Complete(string? result);

    /// <summary>Ends it with a failure.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>An open task with a typed result.</summary>
internal sealed class OpenTask<T>(DataConverter converter) : OpenTask
{
    private readonly TaskCompletionSource<T> source = new();

    public Task<T> Task => source.Task;

    public override void Complete(string? result)
    {
        T value;
        try
        {
            value = converter.Deserialize<T>(result)!;
        }
        catch (Exception e)
        {
            source.TrySetException(e);
            return;
        }

        source.TrySetResult(value);
    }

    public override void Fail(Exception failure) => source.TrySetException(failure);

    public bool Cancel(CancellationToken token) => source.TrySetCanceled(token);
}
