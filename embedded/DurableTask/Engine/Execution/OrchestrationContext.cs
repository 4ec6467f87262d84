using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>The context that orchestrator code sees: every member either answers from history or records an action.</summary>
internal sealed class OrchestrationContext(OrchestrationIdentity identity, EngineContext engine, OrchestratorPump pump) : TaskOrchestrationContext
{
    private object? input;
    private string? serializedInput;
    private int guids;

    public override TaskName Name => identity.Name;

    public override string InstanceId => identity.InstanceId;

    public override string Version => identity.Version;

    public override ParentOrchestrationInstance? Parent => identity.Parent;

    public override DateTime CurrentUtcDateTime => Now;

    public override bool IsReplaying => Replaying;

    public override IReadOnlyDictionary<string, object?> Properties { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    public DateTime Now { get; set; }

    public bool Replaying { get; set; }

    public string? CustomStatus { get; private set; }

    public NextExecution? StartsOver { get; private set; }

    public ActionLedger Actions { get; } = new(identity.Name);

    public EventWaiters Events { get; } = new(engine.Converter);

    public bool WaitsForSomething => Actions.AnyOpen || Events.AnyWaiting;

    protected override ILoggerFactory LoggerFactory => engine.LoggerFactory;

    public void SetInput(object? value, string? serialized) => (input, serializedInput) = (value, serialized);

    /// <inheritdoc />
    /// <remarks>A function-based orchestrator declares no input type: its input is read from the text, as the type asked for.</remarks>
    public override T? GetInput<T>()
        where T : default => input is T typed ? typed : engine.Converter.Deserialize<T>(serializedInput);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException($"A {nameof(TaskOptions)} was given as the activity's input, and no options. Was it meant as the options?", nameof(input));
        }

        var version = options?.Version is { } wanted ? wanted.Version : Version;
        return await WithRetryAsync(options, () => Schedule<TResult>(name, id => new TaskScheduled(id, name, version ?? "", engine.Converter.Serialize(input))));
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var version = options?.Version is { } wanted ? wanted.Version : engine.DefaultVersion;
        var tags = options?.Tags is { Count: > 0 } given ? new Dictionary<string, string>(given, StringComparer.Ordinal) : null;
        return await WithRetryAsync(options, () => Schedule<TResult>(
            orchestratorName,
            id => new SubOrchestrationCreated(id, orchestratorName, version ?? "", instanceId, engine.Converter.Serialize(input)) { Tags = tags }));
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var end = fireAt.ToUniversalTime();
        while (end - Now > engine.MaximumTimerInterval && !cancellationToken.IsCancellationRequested)
        {
            await CreateOneTimer(Now + engine.MaximumTimerInterval, cancellationToken);
        }

        await CreateOneTimer(end, cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        pump.ThrowIfElsewhere();
        return Events.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        pump.ThrowIfElsewhere();
        var id = Actions.NextId();
        Actions.Add(new EventSent(id, instanceId, eventName, engine.Converter.Serialize(payload)), null, eventName);
    }

    public override void SetCustomStatus(object? customStatus) => CustomStatus = engine.Converter.Serialize(customStatus);

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        pump.ThrowIfElsewhere();
        StartsOver = new NextExecution(
            engine.Converter.Serialize(options.NewInput), options.PreserveUnprocessedEvents, string.IsNullOrWhiteSpace(options.NewVersion) ? Version : options.NewVersion);
    }

    public override Guid NewGuid()
    {
        pump.ThrowIfElsewhere();
        return DeterministicGuid.Of($"{InstanceId}_{Now:o}_{guids++}");
    }

    private Task<T> Schedule<T>(string name, Func<int, ActionEntry> action)
    {
        pump.ThrowIfElsewhere();
        var id = Actions.NextId();
        var open = new OpenTask<T>(engine.Converter);
        Actions.Add(action(id), open, name);
        return open.Task;
    }

    private Task<object> CreateOneTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        pump.ThrowIfElsewhere();
        var id = Actions.NextId();
        var open = new OpenTask<object>(engine.Converter);
        Actions.Add(new TimerCreated(id, fireAt), open, "timer");
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() =>
            {
                Actions.Cancel(id);
                open.Cancel(cancellationToken);
            });
        }

        return open.Task;
    }

    private async Task<T> WithRetryAsync<T>(TaskOptions? options, Func<Task<T>> attempt)
    {
        try
        {
            return options?.Retry switch
            {
                { Policy: { } policy } => await Retries.ByPolicyAsync(this, policy, attempt),
                { Handler: { } handler } => await Retries.ByHandlerAsync(this, handler, attempt),
                _ => await attempt(),
            };
        }
        catch (TaskFailure failure)
        {
            throw failure.ToPublic();
        }
    }
}
