using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Operations.Orchestration;

namespace VpsPilot.Functions.Operations;

/// <summary>Stores an operation and starts its orchestration.</summary>
internal sealed class OperationStarter(OperationStore operations, TimeProvider time)
{
    /// <summary>Returns when the start is durable. With an <paramref name="idempotencyKey"/> the same key starts one operation only.</summary>
    public async Task<Operation> StartAsync(DurableTaskClient client, OperationKind kind, string? project, IReadOnlyList<string> nodes, string by, OperationArguments arguments, string? idempotencyKey, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var operation = new Operation
        {
            Id = idempotencyKey is null ? DeploymentIds.New(now) : DeploymentIds.OfDelivery($"operation-{kind}", project ?? string.Join(',', nodes), idempotencyKey),
            Kind = kind,
            ProjectId = project,
            Nodes = nodes,
            Status = OperationStatus.Running,
            RequestedBy = by,
            CreatedAt = now,
            Arguments = arguments,
        };
        if (!await operations.InsertAsync(operation, ct))
        {
            operation = (await operations.GetAsync(operation.Id, ct))!;
        }

        if (operation.Status == OperationStatus.Running)
        {
            await ScheduleAsync(client, operation.Id, ct);
        }

        return operation;
    }

    /// <summary>Starts the orchestration; one that was started before is left as it is.</summary>
    private static async Task ScheduleAsync(DurableTaskClient client, string id, CancellationToken ct)
    {
        var options = new StartOrchestrationOptions(id).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(OperationOrchestrator), input: null, options, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // Hosts say "it exists" with exceptions of different types.
            if (await client.GetInstanceAsync(id, ct) is null)
            {
                throw;
            }
        }
    }
}
