using Microsoft.DurableTask.Client;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Events;

namespace VpsPilot.Functions.Operations;

/// <summary>Takes what nodes report for operations: results, and the archives that they have.</summary>
internal sealed class OperationEvents(OperationStore operations, BackupReports backups)
{
    /// <summary>True when the result is for an operation, known or over.</summary>
    public async Task<bool> ResultAsync(DurableTaskClient client, EventEnvelope envelope, CommandResult result, CancellationToken ct)
    {
        await backups.RecordAsync(envelope, result, ct);
        if (envelope is not { CommandId: { } command, DeploymentId: { } id } || await operations.GetAsync(id, ct) is not { } operation)
        {
            return false;
        }

        if (operation.Status == OperationStatus.Running && operation.Nodes.Contains(envelope.NodeId, StringComparer.Ordinal) && command == OperationCommands.IdOf(id, operation.CommandKind(), envelope.NodeId))
        {
            await client.RaiseIfRunningAsync(id, CommandIds.ResultEvent(command), result.Bounded(), ct);
        }

        return true;
    }
}
