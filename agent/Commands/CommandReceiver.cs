using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Events;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Commands;

/// <summary>Takes commands off the node's queue: into the journal first, then settled, then done.</summary>
internal sealed partial class CommandReceiver(
    Identity identity, QueueReceiver queue, CommandCheck check, CommandJournal journal, CommandDispatcher dispatcher, EventPublisher publisher, EventSender sender,
    TimeProvider time, ILogger<CommandReceiver> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenAlerts = TimeSpan.FromMinutes(1);

    private DateTimeOffset lastAlert;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await dispatcher.ResumeAsync(stoppingToken);
        await queue.RunAsync(identity.Enrollment.Commands.Queue, TakeAsync, prefetch: 1, stoppingToken);
    }

    private async Task<Settlement> TakeAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var (command, refusal) = check.Check(message.Body);
        if (refusal is { Code: "expired", CommandId: { } id } && journal.Find(id) is { } known)
            command = known.Command; // A late repeat of what was done: it gets its answer again.
        if (command is null)
            return await RefuseAsync(refusal!, cancellationToken);

        var (entry, isNew) = journal.Accept(command);
        if (isNew)
        {
            LogTaken(logger, command.CommandId);
            dispatcher.Start(entry, isRecovered: false);
        }
        else if (entry.Result is not null)
        {
            publisher.Answer(command.CommandId);
        }

        return Settlement.Complete;
    }

    private async Task<Settlement> RefuseAsync(CommandRefusal refusal, CancellationToken cancellationToken)
    {
        LogRefused(logger, refusal.CommandId ?? "(unreadable, or a stranger's)", refusal.Message);
        if (refusal.CommandId is not null)
        {
            var result = new CommandResult { Outcome = CommandOutcome.Rejected, Failure = new Failure("command", FailureKind.Rejected, refusal.Message) };
            await sender.SendAsync(sender.Envelope(Guid.CreateVersion7().ToString("N"), null, result, time.GetUtcNow()) with
            {
                CommandId = refusal.CommandId,
                ProjectId = refusal.ProjectId,
                DeploymentId = refusal.DeploymentId,
            }, cancellationToken);
        }

        await AlertAsync(refusal, cancellationToken);
        return Settlement.DeadLetter(refusal.Code, refusal.Message);
    }

    /// <summary>A command that nobody with the right to can have sent is told to people; of many, one a minute.</summary>
    private async Task AlertAsync(CommandRefusal refusal, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (refusal.Code is not ("unsigned" or "wrong-node" or "future-dated" or "malformed") || now - lastAlert < BetweenAlerts)
            return;
        lastAlert = now;
        await sender.SendAsync(sender.Envelope(Guid.CreateVersion7(now).ToString("N"), null, new Alert(AlertCodes.CommandRefused, $"A command was refused as {refusal.Code}: {refusal.Message}"), now), cancellationToken);
    }

    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "Command {Command} taken.")]
    private static partial void LogTaken(ILogger logger, string command);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Command {Command} refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string command, string reason);
}
