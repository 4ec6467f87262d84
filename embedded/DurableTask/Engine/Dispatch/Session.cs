using VpsPilot.Embedded.DurableTask.Engine.Execution;
using VpsPilot.Embedded.DurableTask.Engine.Tracing;

namespace VpsPilot.Embedded.DurableTask.Engine.Dispatch;

/// <summary>An execution that is held in memory between its steps, so that its history need not be replayed for each.</summary>
internal sealed class Session(string executionId, OrchestrationExecution execution, int nextSequence)
{
    public string ExecutionId => executionId;

    public OrchestrationExecution Execution => execution;

    /// <summary>Its trace; null when nobody collects one.</summary>
    public OrchestrationTrace? Trace { get; init; }

    /// <summary>Whether the orchestrator's start is among its history: what comes before it is held back.</summary>
    public bool Started { get; set; }

    /// <summary>Number of the next history entry.</summary>
    public int NextSequence { get; set; } = nextSequence;

    /// <summary>The orchestrator's clock never goes back.</summary>
    public DateTime LastStep { get; set; }
}
