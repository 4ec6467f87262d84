using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Operations.Orchestration;

/// <summary>Reads what the orchestration needs to know.</summary>
internal sealed class PlanOperationActivity(OperationStore operations)
{
    [Function(nameof(PlanOperationActivity))]
    public async Task<OperationPlan> Run([ActivityTrigger] string operationId, CancellationToken ct)
    {
        var operation = await operations.GetAsync(operationId, ct) ?? throw new InvalidOperationException($"There is no operation {operationId}.");
        return new() { CommandKind = operation.CommandKind(), Nodes = operation.Nodes, Limit = OperationLimits.Of(operation) };
    }
}

/// <summary>Writes down what a node answered.</summary>
internal sealed class RecordOperationActivity(OperationStore operations, StoppedProjects stopped)
{
    [Function(nameof(RecordOperationActivity))]
    public async Task Run([ActivityTrigger] OperationAnswer answer, CancellationToken ct)
    {
        if (await operations.GetAsync(answer.OperationId, ct) is { } operation)
        {
            await stopped.RecordAsync(operation, answer.Node, ct);
        }

        await operations.RecordAsync(answer.OperationId, answer.Node, ct);
    }
}

/// <summary>Ends an operation by what its nodes answered.</summary>
internal sealed class FinishOperationActivity(OperationStore operations, TimeProvider time)
{
    [Function(nameof(FinishOperationActivity))]
    public async Task<string> Run([ActivityTrigger] string operationId, CancellationToken ct)
    {
        var outcomes = (await operations.NodesAsync(operationId, ct)).Select(n => n.Outcome).ToList();
        var status = outcomes.All(o => o == CommandOutcome.Succeeded) ? OperationStatus.Succeeded
            : outcomes.Exists(o => o is not (CommandOutcome.Succeeded or CommandOutcome.Canceled)) ? OperationStatus.Failed
            : OperationStatus.Canceled;
        await operations.FinishAsync(operationId, status, time.GetUtcNow(), ct);
        return status.ToString();
    }
}
