using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The result of an invocation, of a known type.</summary>
public abstract class InvocationResult<T>
{
    /// <summary>The result; middleware may replace it.</summary>
    public abstract T? Value { get; set; }
}

/// <summary>The result of an invocation.</summary>
public abstract class InvocationResult : InvocationResult<object>;

/// <summary>Results of an invocation.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>The result: what the function returned, or what middleware set.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => Result(context);

    /// <summary>The result, of a known type.</summary>
    /// <exception cref="InvalidOperationException">The result is of another type.</exception>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => new TypedInvocationResult<T>(Result(context));

    /// <summary>The output bindings: none, since the embedded host has only the result.</summary>
    public static IEnumerable<OutputBindingData<T>> GetOutputBindings<T>(this FunctionContext context) => [];

    /// <summary>Binds an input by hand; not supported on the embedded host.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static ValueTask<InputBindingData<T>> BindInputAsync<T>(this FunctionContext context, BindingMetadata bindingMetadata) =>
        throw new NotSupportedException("The embedded host binds inputs by itself.");

    private static InvocationResult Result(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<InvocationResult>() ?? throw new InvalidOperationException("The context belongs to no invocation.");
    }
}
