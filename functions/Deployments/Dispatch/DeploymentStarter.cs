using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>What a deployment is asked to do.</summary>
internal sealed record DeploymentRequest
{
    public required string Id { get; init; }

    public required DeploymentTrigger Trigger { get; init; }

    public required string RequestedBy { get; init; }

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? Subject { get; init; }

    public RollBackTarget? RollBackTo { get; init; }
}

/// <summary>Stores a deployment and hands it to the dispatcher.</summary>
internal sealed class DeploymentStarter(DeploymentStore deployments, DeploymentDispatcher dispatcher, ArrivalClock clock)
{
    /// <summary>
    /// Starts the deployment, or finishes the start that an earlier call with the same id began. The row is durable before anything is
    /// scheduled, so the same id never starts twice.
    /// </summary>
    public async Task<Deployment> StartAsync(DurableTaskClient client, Project project, DeploymentRequest request, CancellationToken ct)
    {
        var deployment = new Deployment
        {
            Id = request.Id,
            ProjectId = project.Id,
            Status = DeploymentStatus.Queued,
            Trigger = request.Trigger,
            Commit = request.Commit,
            Branch = request.Branch ?? project.Branch,
            Subject = request.Subject,
            RequestedBy = request.RequestedBy,
            CreatedAt = clock.Next(),
            Nodes = project.Nodes,
            RollBackTo = request.RollBackTo,
        };
        if (await deployments.InsertAsync(deployment, ct))
        {
            await Task.WhenAll(deployments.ListInProjectAsync(deployment, ct), dispatcher.DispatchAsync(client, deployment, ct));
            return deployment;
        }

        var existing = (await deployments.GetAsync(request.Id, ct))!;
        await deployments.ListInProjectAsync(existing, ct);
        if (!existing.Status.IsFinal() && await client.GetInstanceAsync(existing.Id, ct) is null)
        {
            await dispatcher.DispatchAsync(client, existing, ct);
        }

        return existing;
    }
}
