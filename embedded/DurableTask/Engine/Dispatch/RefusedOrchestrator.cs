using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Stands in for an orchestrator that cannot run here: it fails in the way the public runtime does.</summary>
internal sealed class RefusedOrchestrator(Exception reason) : ITaskOrchestrator
{
    public Type InputType => typeof(object);

    public Type OutputType => typeof(object);

    public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => throw reason;
}

/// <summary>A task that cannot run here; its <see cref="ErrorType"/> is what the failure reports. Trying again cannot help.</summary>
internal sealed class TaskNotFoundException(string errorType, string message) : Exception(message)
{
    public string ErrorType => errorType;

    public static TaskNotFoundException Orchestrator(string name) => new(TaskNotFound.Orchestrator, $"No orchestrator task named '{name}' was found.");
}
