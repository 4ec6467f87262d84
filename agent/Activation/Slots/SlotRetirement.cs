using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Slots;

/// <summary>
/// Stops slots that lost the traffic when their time has come: not before the grace period, and not while they finish requests. What is due is
/// in the projects' states, so an agent that was away stops them later.
/// </summary>
internal sealed partial class SlotRetirement(ReleaseStore releases, ReleaseStarter starter, SlotDrain drain, ProjectLocks locks, TimeProvider time, ILogger<SlotRetirement> logger) : BackgroundService
{
    private static readonly TimeSpan Draining = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>There may be something new to stop.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
            wake.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan? next = null;
            foreach (var project in releases.Projects())
            {
                if (await TryRetireAsync(project, stoppingToken) is { } wait && (next is null || wait < next))
                    next = wait;
            }

            using var both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var sleep = next is { } until ? Task.Delay(until, time, both.Token) : Task.Delay(Timeout.InfiniteTimeSpan, both.Token);
            await Task.WhenAny(sleep, wake.WaitAsync(both.Token));
            await both.CancelAsync();
        }
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    /// <summary>Stops the project's old slot when it is due.</summary>
    /// <returns>When to look again; null when there is nothing to wait for.</returns>
    internal async Task<TimeSpan?> RetireAsync(string project, CancellationToken cancellationToken)
    {
        if (await DueInAsync(project, cancellationToken) is not { } due || due > TimeSpan.Zero)
            return await DueInAsync(project, cancellationToken);
        using var held = await locks.HoldAsync(project, cancellationToken);

        // A switch may have used the slot meanwhile.
        if (await DueInAsync(project, cancellationToken) is not { } now || now > TimeSpan.Zero || releases.State(project) is not { Retiring: { } retiring } state || retiring.Slot == state.Slot)
            return await DueInAsync(project, cancellationToken);
        if (await starter.StopAsync(project, retiring.Slot, Stages.Drain, cancellationToken) is { } failure)
        {
            LogStuck(logger, project, retiring.Slot, failure.Message);
            return Again;
        }

        releases.Save(project, state with { Retiring = null });
        LogStopped(logger, project, retiring.Slot, retiring.ReleaseId);
        return null;
    }

    /// <summary>A full disk, or one project's damaged file, must not end the service, and with it the agent.</summary>
    private async Task<TimeSpan?> TryRetireAsync(string project, CancellationToken cancellationToken)
    {
        try
        {
            return await RetireAsync(project, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRetired(logger, e, project);
            return Again;
        }
    }

    private async Task<TimeSpan?> DueInAsync(string project, CancellationToken cancellationToken)
    {
        if (releases.State(project)?.Retiring is not { } retiring)
            return null;
        var now = time.GetUtcNow();
        if (now < retiring.StopAt)
            return retiring.StopAt - now;
        return now < retiring.DrainUntil && await drain.OpenAsync(project, retiring.Slot, cancellationToken) > 0 ? Draining : TimeSpan.Zero;
    }

    [LoggerMessage(EventId = 5410, Level = LogLevel.Information, Message = "The {Slot} slot of {Project} was stopped; it had release {Release}.")]
    private static partial void LogStopped(ILogger logger, string project, Slot slot, string release);

    [LoggerMessage(EventId = 5412, Level = LogLevel.Error, Message = "The old slot of {Project} could not be looked after.")]
    private static partial void LogNotRetired(ILogger logger, Exception exception, string project);

    [LoggerMessage(EventId = 5411, Level = LogLevel.Warning, Message = "The {Slot} slot of {Project} could not be stopped: {Reason}")]
    private static partial void LogStuck(ILogger logger, string project, Slot slot, string reason);
}
