using System.Reflection;

namespace Microsoft.DurableTask;

/// <summary>The orchestrators and activities a worker knows, by name.</summary>
public sealed partial class DurableTaskRegistry
{
    private readonly Dictionary<TaskKey, Func<IServiceProvider, ITaskOrchestrator>> orchestrators = [];
    private readonly Dictionary<TaskKey, Func<IServiceProvider, ITaskActivity>> activities = [];

    /// <summary>The orchestrators registered without a version, or with one.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> GetOrchestrators() =>
        orchestrators.Select(o => KeyValuePair.Create(o.Key.Name, o.Value));

    /// <summary>The activities registered without a version, or with one.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> GetActivities() =>
        activities.Select(a => KeyValuePair.Create(a.Key.Name, a.Value));

    /// <summary>The exact version if there is one; else the one without a version, where the name is registered without versions only: a call never lands in a version it did not ask for.</summary>
    internal Func<IServiceProvider, ITaskOrchestrator>? FindOrchestrator(TaskName name, string version) => Find(orchestrators, name, version);

    internal Func<IServiceProvider, ITaskActivity>? FindActivity(TaskName name, string version) => Find(activities, name, version);

    private static T? Find<T>(Dictionary<TaskKey, T> tasks, TaskName name, string version)
        where T : class =>
        tasks.TryGetValue(new(name, version), out var exact) ? exact
        : tasks.Keys.Any(k => k.Name == name && k.Version != TaskVersion.Unversioned) ? null
        : tasks.GetValueOrDefault(new(name, TaskVersion.Unversioned));

    private DurableTaskRegistry Add(TaskName name, TaskVersion version, Func<IServiceProvider, ITaskOrchestrator> factory)
    {
        Add(orchestrators, name, version, factory, "orchestrator");
        return this;
    }

    private DurableTaskRegistry Add(TaskName name, TaskVersion version, Func<IServiceProvider, ITaskActivity> factory)
    {
        Add(activities, name, version, factory, "activity");
        return this;
    }

    private static void Add<T>(Dictionary<TaskKey, T> tasks, TaskName name, TaskVersion version, T factory, string kind)
    {
        if (name == default)
        {
            throw new ArgumentException($"An {kind} needs a name.", nameof(name));
        }

        ArgumentNullException.ThrowIfNull(factory);
        if (!tasks.TryAdd(new(name, version), factory))
        {
            throw new ArgumentException($"An {kind} named '{name}' is registered already.", nameof(name));
        }
    }

    private static void ThrowUnless<T>(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(T).IsAssignableFrom(type) || type.IsAbstract)
        {
            throw new ArgumentException($"{type} is not a concrete {typeof(T).Name}.", nameof(type));
        }
    }

    private static (TaskName Name, TaskVersion Version) IdentityOf(Type type)
    {
        var attribute = type.GetCustomAttribute<DurableTaskAttribute>();
        return (attribute is { } named && named.Name != default ? named.Name : new TaskName(type.Name), new TaskVersion(attribute?.Version ?? ""));
    }

    private readonly record struct TaskKey(TaskName Name, TaskVersion Version);
}
