using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Engine.Dispatch;
using VpsPilot.Embedded.DurableTask.Engine.Execution;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Embedded.DurableTask.Hosting;

namespace VpsPilot.Embedded.DurableTask.Engine;

/// <summary>A running task hub: one SQLite file and the loops that work on it.</summary>
internal sealed class TaskHub : IAsyncDisposable
{
    private readonly HubDatabase database;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> loops = [];
    private int disposed;

    private TaskHub(HubDatabase database, TimeProvider time)
    {
        this.database = database;
        Parts = new HubParts(database, time);
    }

    public HubParts Parts { get; }

    /// <summary>Opens the file. Clients can be served from then on; work starts with <see cref="Start"/>.</summary>
    /// <exception cref="HubUnavailableException">The file cannot be used; the message says why.</exception>
    public static TaskHub Open(string path, TimeProvider time) => new(HubDatabase.Open(path), time);

    /// <summary>Takes up what an earlier run left and begins to work.</summary>
    public void Start(EmbeddedDurableTaskOptions options, DurableTaskWorkerOptions.ConcurrencyOptions limits, DurableTaskRegistry registry, IServiceProvider services, EngineContext context, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Microsoft.DurableTask.Worker");
        var orchestrations = new OrchestrationDispatcher(Parts, registry, services, context, options, logger);
        var activities = new ActivityDispatcher(Parts, registry, services, context, logger);
        var timers = new TimerService(Parts, logger);
        Parts.Recover();
        for (var i = 0; i < Math.Min(options.MaxConcurrentOrchestrators, limits.MaximumConcurrentOrchestrationWorkItems); i++)
        {
            loops.Add(Task.Run(() => orchestrations.RunAsync(stopping.Token)));
        }

        for (var i = 0; i < Math.Min(options.MaxConcurrentActivities, limits.MaximumConcurrentActivityWorkItems); i++)
        {
            loops.Add(Task.Run(() => activities.RunAsync(stopping.Token)));
        }

        loops.Add(Task.Run(() => timers.RunAsync(stopping.Token)));
    }

    /// <summary>Takes no more work and waits for what runs: no longer than the time given, or until the token ends it.</summary>
    public async Task StopAsync(TimeSpan patience, CancellationToken ct)
    {
        if (Volatile.Read(ref disposed) == 1)
        {
            return;
        }

        await stopping.CancelAsync();
        await Task.WhenAll(loops).WaitAsync(patience, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return; // The service is registered under several types, and the container disposes each.
        }

        await stopping.CancelAsync();
        await Parts.Writer.DisposeAsync();
        Parts.Reader.Dispose();
        database.Dispose();
        stopping.Dispose();
    }
}
