namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>Replay found that the orchestrator's code does not do what its history says.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : Exception(message)
{
    /// <summary>The name under which the public runtime reports this failure.</summary>
    public const string PublicName = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    public static NonDeterministicOrchestrationException At(string orchestrator, int taskId, string expected, string actual) =>
        new($"Orchestrator '{orchestrator}' is not deterministic, or its code was changed under a running instance: at step #{taskId} its history has {expected}; the code now has {actual}.");
}
