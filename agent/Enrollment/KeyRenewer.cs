using Microsoft.Extensions.Hosting;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Enrollment;

/// <summary>
/// Makes new key pairs, trades them for new credentials, and restarts the agent with them. A stop at any point is mended by the command, which has
/// no answer yet: the key that is on disk is one that the control plane knows, so the trade is made again.
/// </summary>
internal sealed class KeyRenewer(AgentPaths paths, Identity identity, CredentialTrade trade, HttpClient http, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string Step = "rotate-keys";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var commandId = context.Command.CommandId;
        if (identity.RenewedBy == commandId)
            return new() { Outcome = CommandOutcome.Succeeded };
        using var next = AgentKeys.Create();
        var (answer, mistake) = await trade.MakeAsync(http, identity.ControlPlane, commandId, next, cancellationToken);
        if (answer is null)
            return new() { Outcome = CommandOutcome.Failed, Failure = Failed(mistake!) };

        next.Replace(paths);
        (identity with { Enrollment = answer, RenewedBy = commandId, EarlierCommandKey = identity.Enrollment.CommandKey, RenewedAt = time.GetUtcNow(), EventsKeyOf = context.Command.IssuedAt }).Save(paths);

        // The queues and the tokens of this process are worth nothing now. The next one answers.
        lifetime.StopApplication();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    private static Failure Failed(string message) => new(Step, FailureKind.Exit, message) { Hint = "The earlier keys still hold, unless the answer was lost; ask again with POST /api/nodes/{id}/rotate, or enrol the node anew." };
}
