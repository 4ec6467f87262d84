using System.Collections.Concurrent;
using System.Reflection;

namespace VpsPilot.Embedded.Functions.Hosting.Invocation;

/// <summary>Awaits what a function returned, whatever kind of task it is.</summary>
internal static class ReturnValue
{
    private static readonly ConcurrentDictionary<Type, Func<object, Task<object?>>?> Readers = new();

    /// <summary>The value inside; null for a function without one.</summary>
    public static Task<object?> AwaitAsync(object? returned, Type declared)
    {
        if (returned is null || declared == typeof(void))
        {
            return Task.FromResult<object?>(null);
        }

        return Readers.GetOrAdd(declared, ReaderFor) is { } reader ? reader(returned) : Task.FromResult<object?>(returned);
    }

    private static Func<object, Task<object?>>? ReaderFor(Type declared)
    {
        if (declared == typeof(Task))
        {
            return async task =>
            {
                await (Task)task;
                return null;
            };
        }

        if (declared == typeof(ValueTask))
        {
            return async task =>
            {
                await (ValueTask)task;
                return null;
            };
        }

        var definition = declared.IsGenericType ? declared.GetGenericTypeDefinition() : null;
        var name = definition == typeof(Task<>) ? nameof(OfTask) : definition == typeof(ValueTask<>) ? nameof(OfValueTask) : null;
        return name is null
            ? null
            : typeof(ReturnValue).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(declared.GetGenericArguments()).CreateDelegate<Func<object, Task<object?>>>();
    }

    private static async Task<object?> OfTask<T>(object task) => await (Task<T>)task;

    private static async Task<object?> OfValueTask<T>(object task) => await (ValueTask<T>)task;
}
