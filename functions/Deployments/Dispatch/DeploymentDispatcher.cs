using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>
/// Starts orchestrations at a bounded pace for each project. The first deployment after a quiet time starts at once; of those that come within
/// the interval after it only the newest starts, at the interval's end, and the others are superseded without ever costing an orchestration.
/// A storm of pushes so costs what one push a second costs. Deferred deployments are on disk: <see cref="DeferredFunction"/> takes up what a
/// stopped process left.
/// </summary>
internal sealed class DeploymentDispatcher(DeploymentStore deployments, DeferredStore deferred, OpenDeployments open, ControlPlaneOptions options, TimeProvider time, ILogger<DeploymentDispatcher> logger) : IAsyncDisposable
{
    /// <summary>Few, so that new deliveries need not queue for the disk behind a storm's clearing up.</summary>
    private const int MaxWritesAtOnce = 8;

    /// <summary>A request that is still under way needs no help.</summary>
    private static readonly TimeSpan RecoverAfter = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ProjectQueue> queues = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The rounds under way, and the dispatcher itself until it is disposed of.</summary>
    private int running = 1;

    /// <summary>Starts the deployment, or leaves it for the next round. The caller has put it among the deferred, durably.</summary>
    public async Task DispatchAsync(DurableTaskClient client, Deployment deployment, CancellationToken ct)
    {
        if (deployment.Trigger == DeploymentTrigger.Rollback)
        {
            await BeginAsync(client, deployment, ct);
            return;
        }

        var queue = QueueOf(deployment.ProjectId);
        if (!queue.TryBegin(time.GetUtcNow() - options.DispatchInterval))
        {
            if (queue.Add(deployment))
            {
                _ = RunAsync(client, queue, stop.Token);
            }

            return;
        }

        try
        {
            await BeginAsync(client, deployment, ct);
        }
        finally
        {
            if (!queue.End(time.GetUtcNow()))
            {
                _ = RunAsync(client, queue, stop.Token);
            }
        }
    }

    /// <summary>Dispatches what an earlier process accepted and never came to: of each project the newest, in place of the others.</summary>
    public async Task RecoverAsync(DurableTaskClient client, CancellationToken ct)
    {
        var left = new List<Deployment>();
        foreach (var marker in await deferred.ListAsync(time.GetUtcNow() - RecoverAfter, ct))
        {
            if (await deployments.GetAsync(marker.Id, ct) is not { } deployment)
            {
                await deferred.RemoveAsync(marker, ct);
            }
            else if (!QueueOf(deployment.ProjectId).Has(marker.Id))
            {
                left.Add(deployment);
            }
        }

        foreach (var rollback in left.Where(d => d.Trigger == DeploymentTrigger.Rollback))
        {
            await BeginAsync(client, rollback, ct);
        }

        foreach (var project in left.Where(d => d.Trigger != DeploymentTrigger.Rollback).GroupBy(d => d.ProjectId))
        {
            await RoundAsync(client, [.. project], ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Leave();
        await ended.Task;
        stop.Dispose();
    }

    private async Task BeginAsync(DurableTaskClient client, Deployment deployment, CancellationToken ct)
    {
        if (deployment.Status == DeploymentStatus.Queued)
        {
            await StartAsync(client, deployment, ct);
        }

        await deferred.RemoveAsync(deployment, ct);
    }

    private async Task StartAsync(DurableTaskClient client, Deployment deployment, CancellationToken ct)
    {
        await open.AddAsync(deployment.Id, ct);
        await OrchestrationStart.StartAsync(client, deployment, ct);
    }

    private ProjectQueue QueueOf(string projectId)
    {
        lock (gate)
        {
            return queues.TryGetValue(projectId, out var queue) ? queue : queues[projectId] = new ProjectQueue();
        }
    }

    private async Task RunAsync(DurableTaskClient client, ProjectQueue queue, CancellationToken ct)
    {
        Interlocked.Increment(ref running);
        try
        {
            do
            {
                await Task.Delay(queue.PauseUntil(options.DispatchInterval, time.GetUtcNow()), time, ct);
                await TryRoundAsync(client, queue.Take(), ct);
            }
            while (!queue.End(time.GetUtcNow()));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The next process takes up what is deferred.
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref running) == 0)
        {
            ended.TrySetResult();
        }
    }

    private async Task TryRoundAsync(DurableTaskClient client, IReadOnlyList<Deployment> round, CancellationToken ct)
    {
        try
        {
            await RoundAsync(client, round, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.DispatchFailed(e);
        }
    }

    private async Task RoundAsync(DurableTaskClient client, IReadOnlyList<Deployment> round, CancellationToken ct)
    {
        if (round.MaxBy(d => d.CreatedAt) is not { } newest)
        {
            return;
        }

        if (newest.Status == DeploymentStatus.Queued)
        {
            await StartAsync(client, newest, ct);
        }

        await Parallel.ForEachAsync(round, new ParallelOptions { MaxDegreeOfParallelism = MaxWritesAtOnce, CancellationToken = ct }, async (deployment, each) =>
        {
            if (deployment.Id != newest.Id)
            {
                await deployments.SupersedeQueuedAsync(deployment.Id, newest.Id, time.GetUtcNow(), each);
            }

            await deferred.RemoveAsync(deployment, each);
        });
    }
}
