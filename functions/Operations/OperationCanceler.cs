using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Commands;

namespace VpsPilot.Functions.Operations;

/// <summary>Asks the nodes of an operation to stop. Each then answers for the command that was stopped.</summary>
internal sealed class OperationCanceler(CommandSender sender)
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromHours(1);

    public Task CancelAsync(Operation operation, CancellationToken ct) => Task.WhenAll(operation.Nodes.Select(node => sender.SendAsync(
        new CommandAddress(OperationCommands.IdOf(operation.Id, OperationCommands.Cancel, node), node, operation.ProjectId, operation.Id),
        new CancelCommand { TargetDeploymentId = operation.Id }, ValidFor, ct)));
}
