using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Nodes.Moving;

/// <summary>A node that was sent to another control plane.</summary>
internal sealed record NodeMove
{
    /// <summary>The command that sent it.</summary>
    public required string CommandId { get; init; }

    /// <summary>Base URL of the other control plane.</summary>
    public required string Url { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it said that it goes; null before, and when it could not.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    /// <summary>Why it stayed; null when it did not say so.</summary>
    public string? Failure { get; init; }
}

/// <summary>The commands that send nodes to another control plane. Both know their ids by the archive that was brought there.</summary>
internal static class Moves
{
    private const string Prefix = "move.";

    public static string CommandOf(string archive, string nodeId) => $"{Prefix}{archive}.{nodeId}";

    public static bool IsMove(string? commandId) => commandId?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>The move with what the node answered.</summary>
    public static NodeMove Answered(this NodeMove move, CommandResult result, DateTimeOffset at) => result.Outcome == CommandOutcome.Succeeded
        ? move with { MovedAt = at, Failure = null }
        : move with { Failure = result.Failure?.Message ?? result.Outcome.ToString() };
}
