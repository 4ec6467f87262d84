using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Events;

/// <summary>Which answers a person must know of, whoever waits for them.</summary>
internal static class Alerts
{
    /// <summary>Null for most. It follows from the answer alone, so that it is the same after a restart.</summary>
    public static Alert? Of(CommandEnvelope command, CommandResult result) => (command.Body, result) switch
    {
        (RollBackCommand { FromBackup: true } body, { Outcome: CommandOutcome.Succeeded, Serving: { } serving }) =>
            new(AlertCodes.RestoredFromBackup, $"{command.ProjectId} went back to the last backup: generation {serving.Generation}, commit {serving.Commit[..Math.Min(12, serving.Commit.Length)]}, with its data and .env. {body.Reason}"),
        (RollBackCommand { FromBackup: true }, { Failure: { } failure }) => new(AlertCodes.RestoreFailed, $"{command.ProjectId} could not go back to the last backup: {failure.Message}"),
        _ => null,
    };
}
