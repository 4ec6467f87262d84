namespace Microsoft.DurableTask;

/// <summary>A class-based orchestrator. Its code must be deterministic: it is replayed from history.</summary>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    /// <inheritdoc />
    Type ITaskOrchestrator.InputType => typeof(TInput);

    /// <inheritdoc />
    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    /// <summary>The orchestrator's code.</summary>
    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);

    /// <inheritdoc />
    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input) => await RunAsync(context, TypedInput.Of<TInput>(input));
}

/// <summary>An orchestrator made of a function.</summary>
public static class FuncTaskOrchestrator
{
    /// <summary>Wraps the function.</summary>
    public static TaskOrchestrator<TInput, TOutput> Create<TInput, TOutput>(Func<TaskOrchestrationContext, TInput, Task<TOutput>> implementation)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        return new Wrapper<TInput, TOutput>(implementation);
    }

    private sealed class Wrapper<TInput, TOutput>(Func<TaskOrchestrationContext, TInput, Task<TOutput>> implementation) : TaskOrchestrator<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input) => implementation(context, input);
    }
}

/// <summary>Casts an input that was read from text to the type the code wants.</summary>
internal static class TypedInput
{
    public static T Of<T>(object? input) => input switch
    {
        T typed => typed,
        null => default!,
        _ => throw new ArgumentException($"The input is a {input.GetType()}; {typeof(T)} is expected.", nameof(input)),
    };
}
