using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>What an orchestrator may use. Everything here is deterministic: at replay it gives the same answers again.</summary>
public abstract class TaskOrchestrationContext
{
    private ReplaySafeLoggerFactory? replaySafeLoggerFactory;

    /// <summary>Name of the orchestration.</summary>
    public abstract TaskName Name { get; }

    /// <summary>Its instance id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>Its parent; null for one that a client started.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    /// <summary>The time at which the present step began (UTC); the same at replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while steps that happened before are replayed.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Version of the orchestration; empty means none.</summary>
    public virtual string Version => string.Empty;

    /// <summary>Properties the host gives; default none.</summary>
    public virtual IReadOnlyDictionary<string, object?> Properties => throw new NotSupportedException($"{nameof(Properties)} is not supported here.");

    /// <summary>A logger factory whose loggers are silent at replay.</summary>
    public virtual ILoggerFactory ReplaySafeLoggerFactory => replaySafeLoggerFactory ??= new ReplaySafeLoggerFactory(this, () => LoggerFactory);

    /// <summary>The logger factory beneath the replay-safe loggers.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The orchestration's input.</summary>
    public abstract T? GetInput<T>();

    /// <summary>Calls an activity.</summary>
    /// <exception cref="TaskFailedException">Awaited: the activity failed, after all retries.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>Calls an activity without input.</summary>
    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) => CallActivityAsync<TResult>(name, null, options);

    /// <summary>Calls an activity without input whose result does not matter.</summary>
    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, null, options);

    /// <summary>Calls an activity whose result does not matter.</summary>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) => CallActivityAsync<object>(name, input, options);

    /// <summary>Calls another orchestrator.</summary>
    /// <exception cref="TaskFailedException">Awaited: the sub-orchestration failed or was terminated, after all retries.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    /// <summary>Calls another orchestrator without input.</summary>
    public virtual Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, TaskOptions options) => CallSubOrchestratorAsync<TResult>(orchestratorName, null, options);

    /// <summary>Calls another orchestrator without input whose result does not matter.</summary>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, TaskOptions options) => CallSubOrchestratorAsync(orchestratorName, null, options);

    /// <summary>Calls another orchestrator whose result does not matter.</summary>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) => CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    /// <summary>Ends when the delay is over.</summary>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) => CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Ends at an instant (UTC). Canceling ends the task at once.</summary>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>
    /// Ends when an event of that name arrives, or has arrived and was not consumed. Names are compared without regard to case.
    /// With several waiters the most recent one gets the event.
    /// </summary>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>The same with a time limit.</summary>
    /// <exception cref="TaskCanceledException">Awaited: no event arrived in time.</exception>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) => WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <summary>The same with a time limit and cancellation.</summary>
    /// <exception cref="TaskCanceledException">Awaited: no event arrived in time, or the wait was canceled.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var stopTimer = new CancellationTokenSource();
        using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = CreateTimer(timeout, stopTimer.Token);
        var arrival = WaitForExternalEvent<T>(eventName, stopWaiting.Token);
        var first = await Task.WhenAny(timer, arrival);
        (first == arrival ? stopTimer : stopWaiting).Cancel();
        return await arrival;
    }

    /// <summary>Sends an event to another orchestration; not awaited.</summary>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>Sets what clients see as the custom status.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>When the orchestrator returns, it starts over with a new input and an empty history.</summary>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>When the orchestrator returns, it starts over with an empty history.</summary>
    public virtual void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    /// <summary>A new id; the same at replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent at replay.</summary>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) => ReplaySafeLoggerFactory.CreateLogger(categoryName);

    /// <summary>A logger that is silent at replay.</summary>
    public virtual ILogger CreateReplaySafeLogger(Type type) => ReplaySafeLoggerFactory.CreateLogger(type);

    /// <summary>A logger that is silent at replay.</summary>
    public virtual ILogger CreateReplaySafeLogger<T>() => ReplaySafeLoggerFactory.CreateLogger<T>();

    /// <summary>Compares the orchestration's version with another: below zero when it is older.</summary>
    public virtual int CompareVersionTo(string version) => Abstractions.TaskOrchestrationVersioningUtils.CompareVersions(Version, version);
}
