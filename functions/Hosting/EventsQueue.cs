using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Nodes;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Hosting;

/// <summary>Makes the queue that agents report to. After the start, since the queues may be served by this very process.</summary>
internal sealed class EventsQueue(INodeQueues queues, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<EventsQueue> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await queues.EnsureEventsAsync(stoppingToken);
                return;
            }
            catch (QueueException e)
            {
                logger.QueuesNotReady(e.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }
}
