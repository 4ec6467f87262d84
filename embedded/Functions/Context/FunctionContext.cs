namespace Microsoft.Azure.Functions.Worker;

/// <summary>What is known of one invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique id of the invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Id of the function.</summary>
    public abstract string FunctionId { get; }

    /// <summary>Trace context of the event.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger tells beside its payload.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>Retries of the event.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>Services of the invocation.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Values that middleware and function share.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Features of the invocation.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Canceled when the host stops or the function has taken too long.</summary>
    public virtual CancellationToken CancellationToken { get; }
}

/// <summary>Features of an invocation, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Sets a feature.</summary>
    void Set<T>(T instance);

    /// <summary>The feature; null when there is none.</summary>
    T? Get<T>();
}

/// <summary>W3C trace context of an event.</summary>
public abstract class TraceContext
{
    /// <summary>The <c>traceparent</c>.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The <c>tracestate</c>.</summary>
    public abstract string TraceState { get; }

    /// <summary>Attributes of the trace.</summary>
    public virtual IReadOnlyDictionary<string, string> Attributes => throw new NotSupportedException($"{nameof(Attributes)} is not supported here.");

    /// <summary>Baggage of the trace.</summary>
    public virtual IReadOnlyDictionary<string, string> Baggage => throw new NotSupportedException($"{nameof(Baggage)} is not supported here.");
}

/// <summary>What a trigger tells beside its payload.</summary>
public abstract class BindingContext
{
    /// <summary>Facts by name, for example <c>MessageId</c> and <c>DeliveryCount</c>.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

/// <summary>Retries of an event.</summary>
public abstract class RetryContext
{
    /// <summary>Retries so far.</summary>
    public abstract int RetryCount { get; }

    /// <summary>Retries at most.</summary>
    public abstract int MaxRetryCount { get; }
}
