using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Notices.Outbox;

/// <summary>Runs the pump as soon as something was announced in this process.</summary>
internal sealed class OutboxService(OutboxStore outbox, OutboxPump pump, ILogger<OutboxService> logger) : BackgroundService
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await outbox.WaitAsync(LookAfter, stoppingToken);
                await pump.DrainAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.NoticeFailed(e, "outbox");
            }
        }
    }
}

/// <summary>Every half minute: sends what another process announced before it stopped, and what is to be tried again.</summary>
internal sealed class OutboxFunction(OutboxPump pump)
{
    [Function(nameof(DeliverNotices))]
    public Task DeliverNotices([TimerTrigger("15,45 * * * * *")] TimerInfo timer, CancellationToken ct) => pump.DrainAsync(ct);
}
