using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>Stands in for an orchestrator that cannot run here. Its execution fails with the reason, in the way the public runtime does, and replays nothing.</summary>
internal sealed class RefusedOrchestrator(Exception reason) : ITaskOrchestrator
{
    public Exception Reason => reason;

    public Type InputType => typeof(object);

    public Type OutputType => typeof(object);

    public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => throw reason;
}

/// <summary>A task that cannot run here; its <see cref="ErrorType"/> is what the failure reports. Trying again cannot help.</summary>
internal sealed class TaskNotFoundException(string errorType, string message) : Exception(message)
{
    public string ErrorType => errorType;

    public static TaskNotFoundException Orchestrator(string name, string version) => new(TaskNotFound.Orchestrator, TaskNotFound.Message("orchestrator", name, version));
}

/// <summary>Error types and messages that the public runtime uses for tasks it does not run.</summary>
internal static class TaskNotFound
{
    public const string Orchestrator = "OrchestratorTaskNotFound";
    public const string Activity = "ActivityTaskNotFound";
    public const string VersionMismatch = "VersionMismatch";

    public static string Message(string kind, string name, string version) =>
        version.Length == 0 ? $"No {kind} task named '{name}' was found." : $"No {kind} task named '{name}' with version '{version}' was found.";
}
