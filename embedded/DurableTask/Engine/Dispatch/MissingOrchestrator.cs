using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Stands in for an orchestrator nobody registered: it fails in the way the public runtime does.</summary>
internal sealed class MissingOrchestrator(string name) : ITaskOrchestrator
{
    public Type InputType => typeof(object);

    public Type OutputType => typeof(object);

    public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => throw new TaskNotFoundException(TaskNotFound.Orchestrator, $"No orchestrator task named '{name}' was found.");
}

/// <summary>A task nobody knows; its <see cref="ErrorType"/> is what the failure reports.</summary>
internal sealed class TaskNotFoundException(string errorType, string message) : Exception(message)
{
    public string ErrorType => errorType;
}
