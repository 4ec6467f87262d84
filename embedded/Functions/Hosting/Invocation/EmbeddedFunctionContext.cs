using System.Collections;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace VpsPilot.Embedded.Functions.Hosting.Invocation;

/// <summary>One invocation.</summary>
internal sealed class EmbeddedFunctionContext(FunctionDefinition function, IServiceProvider services, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellation) : FunctionContext
{
    private static readonly Dictionary<string, object?> NoData = new(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyDictionary<string, object?> NoBindingData => NoData;

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Id;

    public override FunctionDefinition FunctionDefinition => function;

    public override TraceContext TraceContext { get; } = new CurrentTrace();

    public override BindingContext BindingContext { get; } = new Data(bindingData);

    public override RetryContext RetryContext { get; } = new NoRetries();

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = NewFeatures();

    public override CancellationToken CancellationToken => cancellation;

    /// <summary>What the trigger hands over: an <see cref="HttpContext"/>, an input, a message.</summary>
    public object? TriggerValue { get; init; }

    private static InvocationFeatures NewFeatures()
    {
        var features = new InvocationFeatures();
        features.Set<InvocationResult>(new PlainInvocationResult());
        return features;
    }

    private sealed class InvocationFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> features = [];

        public void Set<T>(T instance) => features[typeof(T)] = instance!;

        public T? Get<T>() => features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class CurrentTrace : TraceContext
    {
        public override string TraceParent { get; } = Activity.Current?.Id ?? "";

        public override string TraceState { get; } = Activity.Current?.TraceStateString ?? "";

        public override IReadOnlyDictionary<string, string> Attributes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

        public override IReadOnlyDictionary<string, string> Baggage { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
    }

    private sealed class Data(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }

    private sealed class NoRetries : Microsoft.Azure.Functions.Worker.RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
