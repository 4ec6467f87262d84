using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Logs;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Events;

/// <summary>Says regularly what the node is and what serves on it. A heartbeat that cannot be sent is not kept: the next one says more.</summary>
internal sealed partial class HeartbeatService(
    EventSender sender, FactsReader facts, ServingReader serving, CommandJournal journal, DeploymentLogs logs, AgentSettings settings, TimeProvider time, ILogger<HeartbeatService> logger) : BackgroundService
{
    private static readonly TimeSpan Housekeeping = TimeSpan.FromHours(1);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim wake = new(0, 1);
    private long turned = time.GetTimestamp();

    /// <summary>
    /// The service goes round: it tried to send a heartbeat not long ago. All that it waits for has a limit, so one that stands still hangs.
    /// </summary>
    public bool IsAlive => time.GetElapsedTime(Interlocked.Read(ref turned)) < settings.Heartbeat + Hang;

    /// <summary>Called when a heartbeat was sent, or could not be: the service rests until the next.</summary>
    public Action? OnRest { get; set; }

    /// <summary>Lets the next heartbeat come at once, since what serves has changed.</summary>
    public void Wake()
    {
        if (wake.CurrentCount == 0)
            wake.Release();
    }

    /// <summary>What a heartbeat says now.</summary>
    public async Task<Heartbeat> ReadAsync(CancellationToken cancellationToken) => new()
    {
        AgentVersion = AgentVersion.Current,
        Facts = await facts.ReadAsync(cancellationToken),
        Serving = await serving.ReadAllAsync(cancellationToken),
    };

    /// <summary>Sends a heartbeat now.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        var heartbeat = await ReadAsync(cancellationToken);
        var now = time.GetUtcNow();
        await sender.SendAsync(sender.Envelope(Guid.CreateVersion7(now).ToString("N"), null, heartbeat, now), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tidied = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref turned, time.GetTimestamp());
            try
            {
                await BeatAsync(stoppingToken);
                if (tidied == 0 || time.GetElapsedTime(tidied) > Housekeeping)
                {
                    tidied = time.GetTimestamp();
                    journal.Prune();
                    logs.Prune();
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(logger, e.Message);
            }

            OnRest?.Invoke();
            await ((Task)wake.WaitAsync(settings.Heartbeat, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    [LoggerMessage(EventId = 5210, Level = LogLevel.Warning, Message = "A heartbeat was not sent: {Reason}")]
    private static partial void LogMissed(ILogger logger, string reason);
}
