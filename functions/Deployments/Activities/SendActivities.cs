using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Deployments.Trees;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Deployments.Activities;

/// <summary>Sends a Build. The project's values are sealed here and never seen by the orchestration.</summary>
internal sealed class SendBuildActivity(CommandSender sender, ProjectStore projects, DeploymentStore deployments, EnvironmentSealer sealer, SharedTreeStore trees)
{
    [Function(nameof(SendBuildActivity))]
    public async Task Run([ActivityTrigger] SendCommand command, CancellationToken ct)
    {
        var deployment = await deployments.GetAsync(command.DeploymentId, ct) ?? throw new InvalidOperationException($"There is no deployment {command.DeploymentId}.");
        var project = await projects.GetAsync(command.ProjectId, ct) ?? throw new InvalidOperationException($"There is no project {command.ProjectId}.");
        var body = new BuildCommand
        {
            Repository = project.Repository,
            Branch = deployment.Branch,
            Commit = command.Commit,
            ConfigFile = project.ConfigFile,
            Environment = await sealer.SealForAsync(command, ct),
            ShareTree = command.ShareTree,
            Tree = command.Tree,
        };
        if (command.ShareTree)
        {
            await trees.ExpectAsync(command.DeploymentId, command.NodeId, ct);
        }

        await sender.SendAsync(command.Address(), body, command.ValidFor, ct);
    }
}

/// <summary>Sends an Activate, with the project's values sealed as for a Build.</summary>
internal sealed class SendActivateActivity(CommandSender sender, EnvironmentSealer sealer)
{
    [Function(nameof(SendActivateActivity))]
    public async Task Run([ActivityTrigger] SendCommand command, CancellationToken ct)
    {
        var body = new ActivateCommand { ReleaseId = command.DeploymentId, TrafficPercent = command.TrafficPercent, Environment = await sealer.SealForAsync(command, ct) };
        await sender.SendAsync(command.Address(), body, command.ValidFor, ct);
    }
}

/// <summary>Sends a ConfirmCanary.</summary>
internal sealed class SendConfirmActivity(CommandSender sender)
{
    [Function(nameof(SendConfirmActivity))]
    public Task Run([ActivityTrigger] SendCommand command, CancellationToken ct) =>
        sender.SendAsync(command.Address(), new ConfirmCanaryCommand { ReleaseId = command.DeploymentId }, command.ValidFor, ct);
}

/// <summary>Sends a RollBack, with the project's values sealed where they are to be renewed.</summary>
internal sealed class SendRollBackActivity(CommandSender sender, EnvironmentSealer sealer)
{
    [Function(nameof(SendRollBackActivity))]
    public async Task Run([ActivityTrigger] SendCommand command, CancellationToken ct)
    {
        var body = new RollBackCommand
        {
            IfServing = command.IfServing,
            Generation = command.RollBackTo?.Generation,
            ReleaseId = command.RollBackTo?.ReleaseId,
            OtherSlot = command.RollBackTo?.OtherSlot ?? false,
            FromBackup = command.RollBackTo?.FromBackup ?? false,
            Environment = command.RollBackTo is { RenewEnvironment: true } ? await sealer.SealNewestAsync(command.ProjectId, command.NodeId, command.CommandId, ct) : null,
            Reason = command.Reason ?? "",
        };
        await sender.SendAsync(command.Address(), body, command.ValidFor, ct);
    }
}

/// <summary>Sends a Cancel.</summary>
internal sealed class SendCancelActivity(CommandSender sender)
{
    [Function(nameof(SendCancelActivity))]
    public Task Run([ActivityTrigger] SendCommand command, CancellationToken ct) =>
        sender.SendAsync(command.Address(), new CancelCommand { TargetDeploymentId = command.DeploymentId }, command.ValidFor, ct);
}

internal static class SendCommandExtensions
{
    public static CommandAddress Address(this SendCommand command) => new(command.CommandId, command.NodeId, command.ProjectId, command.DeploymentId);

    /// <summary>The values of the release that this deployment builds: the same for its build and its activation.</summary>
    public static Task<SealedBox?> SealForAsync(this EnvironmentSealer sealer, SendCommand command, CancellationToken ct) =>
        sealer.SealReleaseAsync(command.ProjectId, command.DeploymentId, command.NodeId, command.CommandId, ct);
}
