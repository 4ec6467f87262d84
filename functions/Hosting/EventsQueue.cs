using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Hosting;

/// <summary>Makes the queue that agents report to. After the start, since the queues may be served by this very process.</summary>
internal sealed class EventsQueue(INodeQueues queues, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<EventsQueue> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        for (var pause = FirstPause; !stoppingToken.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await queues.EnsureEventsAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: an exception that leaves here would stop the whole host.
                logger.QueuesNotReady(e.Message);
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }
}
