using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Events;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Enrollment;

/// <summary>
/// Takes the node to another control plane. It gets credentials there and reports with them before anything here is changed, so one that cannot be
/// reached leaves everything as it was. A stop at any point is mended by the command, which has no answer yet.
/// </summary>
internal sealed partial class NodeMover(
    AgentPaths paths, Identity identity, CredentialTrade trade, HeartbeatService heartbeat, EventSender sender, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<QueueSender> queueLogger, ILogger<NodeMover> logger)
{
    private const string Step = "move";
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(20);

    public async Task<CommandResult> RunAsync(CommandContext context, MoveCommand command, CancellationToken cancellationToken)
    {
        var commandId = context.Command.CommandId;
        if (identity.RenewedBy == commandId)
            return new() { Outcome = CommandOutcome.Succeeded };
        using var next = AgentKeys.Create();
        var (there, mistake) = await ArriveAsync(command, commandId, next, cancellationToken);
        if (there is null)
            return new() { Outcome = CommandOutcome.Failed, Failure = new Failure(Step, FailureKind.Exit, $"{command.Url}: {mistake}") { Hint = "The node stays here. Can it reach the other control plane's API and queues? Then send it again." } };

        await TakeLeaveAsync(context.Command, cancellationToken);
        next.Replace(paths);
        there.Save(paths);
        LogMoved(logger, command.Url);

        // The queues of this process are the other's. The next one answers there.
        lifetime.StopApplication();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Gets credentials from the other control plane and reports with them.</summary>
    private async Task<(Identity? There, string? Mistake)> ArriveAsync(MoveCommand command, string commandId, AgentKeys next, CancellationToken cancellationToken)
    {
        HttpClient http;
        try
        {
            http = AgentHost.ControlPlaneClient(command.CertificateAuthority);
        }
        catch (CryptographicException e)
        {
            return (null, $"its certificate authority cannot be used: {e.Message}");
        }

        using (http)
        {
            var url = new Uri(command.Url.TrimEnd('/') + "/");
            var (answer, mistake) = await trade.MakeAsync(http, url, commandId, next, cancellationToken);
            if (answer is null)
                return (null, mistake);
            if (answer.NodeId != identity.NodeId || answer.CommandKey != command.CommandKey)
                return (null, "it is not the control plane that the command names.");
            var there = identity with
            {
                ControlPlane = url,
                Enrollment = answer,
                PinnedAuthority = command.CertificateAuthority,
                RenewedBy = commandId,
                RenewedAt = time.GetUtcNow(),
                EarlierCommandKey = null,
                EventsKeyOf = null,
            };
            return await ReportAsync(there, next, cancellationToken) is { } failed ? (null, failed) : (there, null);
        }
    }

    private async Task<string?> ReportAsync(Identity there, AgentKeys next, CancellationToken cancellationToken)
    {
        await using var queue = new QueueSender(there.Connection(there.Enrollment.Events), queueLogger, time);
        var reporter = new EventSender(there, next, queue);
        var now = time.GetUtcNow();
        try
        {
            await reporter.SendAsync(reporter.Envelope(Guid.CreateVersion7(now).ToString("N"), null, await heartbeat.ReadAsync(cancellationToken), now), cancellationToken);
            return null;
        }
        catch (QueueException e)
        {
            return $"its queue does not take the node's report: {e.Message}";
        }
    }

    /// <summary>Tells the present control plane that the node goes. One that is gone already is not waited for.</summary>
    private async Task TakeLeaveAsync(CommandEnvelope command, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Farewell, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var result = new CommandResult { Outcome = CommandOutcome.Succeeded };
            await sender.SendAsync(sender.Envelope(EventSender.ResultId(command.CommandId), command, result, time.GetUtcNow()), both.Token);
        }
        catch (Exception e) when (e is QueueException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogNoFarewell(logger, e.Message);
        }
    }

    [LoggerMessage(EventId = 5320, Level = LogLevel.Information, Message = "The node belongs to the control plane at {Url} now.")]
    private static partial void LogMoved(ILogger logger, string url);

    [LoggerMessage(EventId = 5321, Level = LogLevel.Warning, Message = "The earlier control plane could not be told that the node goes: {Reason}")]
    private static partial void LogNoFarewell(ILogger logger, string reason);
}
