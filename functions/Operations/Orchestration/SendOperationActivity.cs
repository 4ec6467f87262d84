using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Operations.Orchestration;

/// <summary>Sends an operation's command to a node. Values are sealed here and never seen by the orchestration.</summary>
internal sealed class SendOperationActivity(OperationStore operations, CommandSender sender, EnvironmentSealer sealer)
{
    [Function(nameof(SendOperationActivity))]
    public async Task Run([ActivityTrigger] OperationTarget target, CancellationToken ct)
    {
        var operation = await operations.GetAsync(target.OperationId, ct) ?? throw new InvalidOperationException($"There is no operation {target.OperationId}.");
        var address = new CommandAddress(OperationCommands.IdOf(operation.Id, operation.CommandKind(), target.NodeId), target.NodeId, operation.ProjectId, operation.Id);
        await sender.SendAsync(address, await CommandAsync(operation, address, ct), OperationLimits.Of(operation), ct);
    }

    private async Task<Command> CommandAsync(Operation operation, CommandAddress address, CancellationToken ct)
    {
        var arguments = operation.Arguments;
        return operation.Kind switch
        {
            OperationKind.Restart => new RestartCommand { Environment = arguments.RenewEnvironment ? await sealer.SealNewestAsync(address.ProjectId!, address.NodeId, address.CommandId, ct) : null },
            OperationKind.Stop => new StopCommand(),
            OperationKind.Run => new RunCommand { CommandLine = arguments.Command!, IsNamed = arguments.IsNamed, Timeout = arguments.Timeout ?? OperationLimits.DefaultRun },
            OperationKind.Logs => new LogsCommand { Lines = arguments.Lines ?? 100, Follow = arguments.Follow ?? TimeSpan.Zero, Process = arguments.Process },
            OperationKind.Status => new StatusCommand(),
            OperationKind.Doctor => new DoctorCommand(),
            OperationKind.Collect => new CollectCommand(),
            OperationKind.Update => new UpdateAgentCommand { Path = arguments.Path!, Sha256 = arguments.Sha256!, Version = arguments.Version! },
            var other => throw new InvalidOperationException($"No command for {other}."),
        };
    }
}
