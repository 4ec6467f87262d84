using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Events;

/// <summary>
/// Sends events in order. Results come from the journal and are tried for ever, over restarts too; progress is kept in memory,
/// and dropped when it is too old or too much, since the result says how it ended.
/// </summary>
internal sealed partial class EventPublisher(EventSender sender, CommandJournal journal, TimeProvider time, ILogger<EventPublisher> logger) : BackgroundService
{
    private const int MaxWaiting = 2000;
    private static readonly TimeSpan MaxProgressAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Channel<(EventEnvelope? Progress, string? AnsweredCommand)> waiting = Channel.CreateUnbounded<(EventEnvelope?, string?)>();

    /// <summary>Queues progress of a command.</summary>
    public void Progress(CommandEnvelope command, AgentEvent body)
    {
        if (waiting.Reader.Count < MaxWaiting)
            waiting.Writer.TryWrite((sender.Envelope(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), command, body, time.GetUtcNow()), null));
    }

    /// <summary>Queues the answer that the journal has for a command.</summary>
    public void Answer(string commandId) => waiting.Writer.TryWrite((null, commandId));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (progress, answered) in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            while (true)
            {
                try
                {
                    if (progress is null)
                        await ReportAsync(answered!, stoppingToken);
                    else if (time.GetUtcNow() - progress.OccurredAt < MaxProgressAge)
                        await sender.SendAsync(progress, stoppingToken);
                    break;
                }
                catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    LogWaiting(logger, e.Message);
                    await Task.Delay(Pause, time, stoppingToken);
                }
            }
        }
    }

    private async Task ReportAsync(string commandId, CancellationToken cancellationToken)
    {
        if (journal.Find(commandId) is not { Result: { } result } entry)
            return;
        if (Alerts.Of(entry.Command, result) is { } alert)
            await sender.SendAsync(sender.Envelope(EventSender.AlertId(commandId), entry.Command, alert, entry.FinishedAt!.Value), cancellationToken);
        await sender.SendAsync(sender.Envelope(EventSender.ResultId(commandId), entry.Command, result, entry.FinishedAt!.Value), cancellationToken);
        journal.MarkReported(commandId);
    }

    [LoggerMessage(EventId = 5200, Level = LogLevel.Warning, Message = "Events wait for the queue: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
