using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Events;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Logs;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Commands;

/// <summary>
/// Runs commands from the journal, and keeps each answer there before it is reported. When the agent stops, what is unanswered stays in the
/// journal and goes on at the next start.
/// </summary>
internal sealed partial class CommandDispatcher(
    CommandJournal journal, CommandHandlers handlers, EventPublisher publisher, HeartbeatService heartbeat, DeploymentLogs logs, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<CommandDispatcher> logger) : IHostedService
{
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Running> running = new(StringComparer.Ordinal);

    private long started;

    /// <summary>Nothing is under way.</summary>
    public bool IsIdle => running.IsEmpty;

    /// <summary>How many commands were started.</summary>
    public long Started => Interlocked.Read(ref started);

    /// <summary>Goes on with what the journal holds.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var unfinished = journal.Unfinished();
        if (unfinished.Any(e => e.Result is null))
            await handlers.CleanAsync(cancellationToken);
        foreach (var entry in unfinished)
        {
            if (entry.Result is null)
            {
                LogResumed(logger, entry.Command.CommandId);
                Start(entry, isRecovered: true);
            }
            else
            {
                publisher.Answer(entry.Command.CommandId);
            }
        }
    }

    /// <summary>Starts the work of a command that has no answer yet.</summary>
    public void Start(JournalEntry entry, bool isRecovered)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        var work = new Running(entry.Command, cancel);
        running[entry.Command.CommandId] = work;
        Interlocked.Increment(ref started);
        if (entry.CancelRequested)
            cancel.Cancel();
        work.Work = Task.Run(() => RunAsync(entry.Command, isRecovered, cancel), CancellationToken.None);
    }

    /// <summary>Stops the other commands of a deployment, durably, and waits until each has answered.</summary>
    public async Task<CommandResult> CancelAsync(CommandEnvelope own, string deploymentId, CancellationToken cancellationToken)
    {
        var targets = running.Values.Where(r => r.Command.DeploymentId == deploymentId && r.Command.CommandId != own.CommandId && r.Command.Body is not CancelCommand).ToList();
        foreach (var target in targets)
        {
            journal.RequestCancel(target.Command.CommandId);
            await target.CancelAsync();
        }

        try
        {
            await Task.WhenAll(targets.Select(t => t.Work)).WaitAsync(CancelLimit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new() { Outcome = CommandOutcome.Failed, Failure = new Failure("cancel", FailureKind.Timeout, "The work did not stop in time.") };
        }

        return new() { Outcome = CommandOutcome.Succeeded };
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until the work, which sees the host stopping, has let go.</summary>
    Task IHostedService.StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(running.Values.Select(r => r.Work)).WaitAsync(cancellationToken);

    private async Task RunAsync(CommandEnvelope command, bool isRecovered, CancellationTokenSource cancel)
    {
        var log = OpenLog(command);
        var output = new CommandOutput(log);
        var context = new CommandContext(command, new StageReporter(p => publisher.Progress(command, p), output, time), output) { IsRecovered = isRecovered };
        CommandResult? result;
        try
        {
            if (isRecovered)
                output.Write("The agent was restarted and goes on.");
            result = command.Body is CancelCommand c ? await CancelAsync(command, c.TargetDeploymentId, cancel.Token) : await handlers.RunAsync(context, cancel.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            result = lifetime.ApplicationStopping.IsCancellationRequested
                ? null
                : new() { Outcome = CommandOutcome.Canceled, Failure = new Failure("cancel", FailureKind.Canceled, "The deployment was canceled.") };
        }
        catch (Exception e)
        {
            LogFault(logger, e, command.CommandId);
            result = new() { Outcome = CommandOutcome.Failed, Failure = new Failure("agent", FailureKind.Internal, $"A fault in the agent: {e.Message}") { Hint = "On the node: journalctl -u vpspilot-agent." } };
        }

        if (log is not null)
            await logs.CloseAsync(command.DeploymentId!, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (result is not null)
            await AnswerAsync(command, result);
        running.TryRemove(command.CommandId, out _);
        cancel.Dispose();
    }

    /// <summary>Null where the command has none, or the disk is full: what brings a node in order again must work without.</summary>
    private DeploymentLog? OpenLog(CommandEnvelope command)
    {
        try
        {
            return command.DeploymentId is { } deployment && command.Body is not CancelCommand ? logs.Open(deployment) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoLog(logger, command.CommandId, e.Message);
            return null;
        }
    }

    /// <summary>Keeps the answer, as soon as the disk has room for it, and reports it. At the end of the agent the command stays without, and goes on at the next start.</summary>
    private async Task AnswerAsync(CommandEnvelope command, CommandResult result)
    {
        while (!TryComplete(command.CommandId, result))
        {
            await Task.Delay(Again, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return;
        }

        publisher.Answer(command.CommandId);
        LogAnswered(logger, command.CommandId, result.Outcome);
        if (result.Serving is not null)
            heartbeat.Wake();
    }

    private bool TryComplete(string commandId, CommandResult result)
    {
        try
        {
            journal.Complete(commandId, result);
            return true;
        }
        catch (IOException e)
        {
            LogFault(logger, e, commandId);
            return false;
        }
    }

    private sealed record Running(CommandEnvelope Command, CancellationTokenSource Cancel)
    {
        public Task Work { get; set; } = Task.CompletedTask;

        public async Task CancelAsync()
        {
            try
            {
                await Cancel.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "Command {Command} goes on after a restart.")]
    private static partial void LogResumed(ILogger logger, string command);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Information, Message = "Command {Command} answered: {Outcome}.")]
    private static partial void LogAnswered(ILogger logger, string command, CommandOutcome outcome);

    [LoggerMessage(EventId = 5013, Level = LogLevel.Warning, Message = "Command {Command} has no log: {Reason}")]
    private static partial void LogNoLog(ILogger logger, string command, string reason);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Error, Message = "Command {Command} met a fault.")]
    private static partial void LogFault(ILogger logger, Exception exception, string command);
}
