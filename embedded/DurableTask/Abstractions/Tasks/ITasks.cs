namespace Microsoft.DurableTask;

/// <summary>An orchestrator, without its types.</summary>
public interface ITaskOrchestrator
{
    /// <summary>Type of its input.</summary>
    Type InputType { get; }

    /// <summary>Type of its output.</summary>
    Type OutputType { get; }

    /// <summary>Runs or replays it.</summary>
    Task<object?> RunAsync(TaskOrchestrationContext context, object? input);
}

/// <summary>An activity, without its types.</summary>
public interface ITaskActivity
{
    /// <summary>Type of its input.</summary>
    Type InputType { get; }

    /// <summary>Type of its output.</summary>
    Type OutputType { get; }

    /// <summary>Runs it.</summary>
    Task<object?> RunAsync(TaskActivityContext context, object? input);
}

/// <summary>Who started a sub-orchestration.</summary>
/// <param name="Name">Name of the parent orchestration.</param>
/// <param name="InstanceId">Its instance id.</param>
public record ParentOrchestrationInstance(TaskName Name, string InstanceId);

/// <summary>What an activity knows of its call.</summary>
public abstract class TaskActivityContext
{
    /// <summary>Name of the activity.</summary>
    public abstract TaskName Name { get; }

    /// <summary>Instance id of the orchestration that called it.</summary>
    public abstract string InstanceId { get; }

    /// <summary>Version it was called with; empty means none.</summary>
    public virtual string Version => string.Empty;
}
