using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace VpsPilot.Embedded.Functions.Hosting.Discovery;

/// <summary>A method marked as a function, and the parameter that starts it.</summary>
internal sealed class FunctionMethod
{
    private FunctionMethod(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger)
    {
        Name = name;
        Method = method;
        TriggerParameter = triggerParameter;
        Trigger = trigger;
        Definition = new EmbeddedFunctionDefinition(name, method);
    }

    public string Name { get; }

    public MethodInfo Method { get; }

    public ParameterInfo TriggerParameter { get; }

    public TriggerBindingAttribute Trigger { get; }

    public FunctionDefinition Definition { get; }

    /// <summary>All functions of an assembly.</summary>
    /// <exception cref="InvalidOperationException">A function has no trigger or several, or two share a name.</exception>
    public static IReadOnlyList<FunctionMethod> FindAll(Assembly assembly)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var functions = new Dictionary<string, FunctionMethod>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in assembly.GetTypes().SelectMany(t => t.GetMethods(Any)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function && !functions.TryAdd(function.Name, Of(function.Name, method)))
            {
                throw new InvalidOperationException($"Two functions are named '{function.Name}'.");
            }
        }

        return [.. functions.Values];
    }

    private static FunctionMethod Of(string name, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .Select(p => (Parameter: p, Trigger: p.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(p => p.Trigger is not null)
            .ToList();
        return triggers is [var (parameter, trigger)]
            ? new FunctionMethod(name, method, parameter, trigger!)
            : throw new InvalidOperationException($"Function '{name}' has {triggers.Count} triggers; it must have exactly one.");
    }
}
