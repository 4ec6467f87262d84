using System.Diagnostics;
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
internal sealed class DeploymentStarter(DeploymentStore deployments, DeferredStore deferred, DeploymentDispatcher dispatcher, ArrivalClock clock)
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
            TraceParent = Activity.Current?.Id,
        };

        // The marker before the row: whatever stops this process, no row waits for a start that nobody remembers. From here on a caller who
        // goes away stops nothing.
        await deferred.AddAsync(deployment, ct);
        if (await deployments.InsertAsync(deployment, CancellationToken.None))
        {
            await Task.WhenAll(deployments.ListInProjectAsync(deployment, CancellationToken.None), dispatcher.DispatchAsync(client, deployment, CancellationToken.None));
            return deployment;
        }

        await deferred.RemoveAsync(deployment, CancellationToken.None);
        var existing = (await deployments.GetAsync(request.Id, ct))!;
        await deployments.ListInProjectAsync(existing, CancellationToken.None);
        if (!existing.Status.IsFinal() && await client.GetInstanceAsync(existing.Id, ct) is null)
        {
            await deferred.AddAsync(existing, CancellationToken.None);
            await dispatcher.DispatchAsync(client, existing, CancellationToken.None);
        }

        return existing;
    }
}
