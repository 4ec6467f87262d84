using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Events;

/// <summary>
/// Sends events in order. Results come from the journal and are tried for ever, over restarts too; progress is kept in memory,
/// and dropped when it is too old or too much, since the result says how it ended. What the queue refuses holds nothing else up.
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
            var isShort = false;
            while (true)
            {
                try
                {
                    if (progress is null)
                        await ReportAsync(answered!, isShort, stoppingToken);
                    else if (time.GetUtcNow() - progress.OccurredAt < MaxProgressAge)
                        await sender.SendAsync(progress, stoppingToken);
                    break;
                }
                catch (QueueException e) when (e.Error == QueueError.TooLarge)
                {
                    LogRefused(logger, answered ?? progress!.CommandId ?? progress.EventId, e.Message);
                    if (progress is not null || isShort)
                        break;
                    isShort = true;
                }
                catch (QueueException e) when (e.Error == QueueError.Refused)
                {
                    // A full queue, or something in this one event: an answer is tried again after the others, progress is not.
                    LogWaiting(logger, e.Message);
                    if (answered is not null)
                        Answer(answered);
                    await Task.Delay(Pause, time, stoppingToken);
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

    private async Task ReportAsync(string commandId, bool isShort, CancellationToken cancellationToken)
    {
        if (journal.Find(commandId) is not { Result: { } result } entry)
            return;
        if (Alerts.Of(entry.Command, result) is { } alert)
            await sender.SendAsync(sender.Envelope(EventSender.AlertId(commandId), entry.Command, alert, entry.FinishedAt!.Value), cancellationToken);
        await sender.SendAsync(sender.Envelope(EventSender.ResultId(commandId), entry.Command, isShort ? Shortened(result) : result, entry.FinishedAt!.Value), cancellationToken);
        journal.MarkReported(commandId);
    }

    /// <summary>How it ended, without what was asked for: so nobody waits for an answer that the queue does not take.</summary>
    private static CommandResult Shortened(CommandResult result) => new()
    {
        Outcome = result.Outcome,
        Failure = result.Failure is { } told
            ? new Failure(told.Step, told.Kind, told.Message) { Hint = told.Hint }
            : new Failure("agent", FailureKind.Internal, "The queue did not take the whole answer.") { Hint = "On the node: journalctl -u vpspilot-agent." },
        Built = result.Built,
        Serving = result.Serving,
        ExitCode = result.ExitCode,
    };

    [LoggerMessage(EventId = 5201, Level = LogLevel.Error, Message = "An event of {Command} was refused and is put aside: {Reason}")]
    private static partial void LogRefused(ILogger logger, string command, string reason);

    [LoggerMessage(EventId = 5200, Level = LogLevel.Warning, Message = "Events wait for the queue: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
