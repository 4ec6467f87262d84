using VpsPilot.Contracts.Events;

namespace VpsPilot.Cli.Operations;

/// <summary>Outcomes as the API writes them.</summary>
internal static class OperationWords
{
    public static string Of(CommandOutcome outcome) => outcome == CommandOutcome.RolledBack ? "rolled-back" : outcome.ToString().ToLowerInvariant();
}
