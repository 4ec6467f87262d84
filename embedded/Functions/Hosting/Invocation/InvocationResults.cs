using Microsoft.Azure.Functions.Worker;

namespace VpsPilot.Embedded.Functions.Hosting.Invocation;

/// <summary>Holds the result.</summary>
internal sealed class PlainInvocationResult : InvocationResult
{
    public override object? Value { get; set; }
}

/// <summary>The same result, of a known type.</summary>
internal sealed class TypedInvocationResult<T>(InvocationResult inner) : InvocationResult<T>
{
    public override T? Value
    {
        get => inner.Value switch
        {
            null => default,
            T typed => typed,
            var other => throw new InvalidOperationException($"The function's result is a {other.GetType()}, not a {typeof(T)}."),
        };
        set => inner.Value = value;
    }
}
