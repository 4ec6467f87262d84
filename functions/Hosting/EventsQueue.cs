using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Nodes;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Hosting;

/// <summary>Makes the queue that agents report to. In the background: where this very process serves the queues, they answer a moment after its start.</summary>
internal sealed class EventsQueue(INodeQueues queues, TimeProvider time, ILogger<EventsQueue> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
