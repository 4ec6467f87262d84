using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Events;

namespace VpsPilot.Agent.Hosting;

/// <summary>
/// Gives memory back when the agent has come to rest: after the start, after work, and now and then. Most of its life it only waits, and between
/// two heartbeats it needs next to none of its own program.
/// </summary>
internal sealed class MemoryTrimmer(CommandDispatcher dispatcher, HeartbeatService heartbeat, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        heartbeat.OnRest = ReleasePages;
        var (commands, last) = (-1L, 0L);
        using var timer = new PeriodicTimer(Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!dispatcher.IsIdle || (commands == dispatcher.Started && time.GetElapsedTime(last) < Again))
                continue;
            (commands, last) = (dispatcher.Started, time.GetTimestamp());
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            MappedPages.Release();
        }
    }

    private void ReleasePages()
    {
        if (dispatcher.IsIdle)
            MappedPages.Release();
    }
}
