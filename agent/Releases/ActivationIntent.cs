using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Releases;

/// <summary>An activation: from what, to what, and how it ended. Written before anything is touched.</summary>
internal sealed record ActivationIntent
{
    public required string CommandId { get; init; }

    /// <summary>The release that served before; null when none did.</summary>
    public string? From { get; init; }

    /// <summary>The slot that had the traffic before.</summary>
    public Slot FromSlot { get; init; }

    /// <summary>The release to serve.</summary>
    public required string To { get; init; }

    /// <summary>The slot it is to run in.</summary>
    public Slot ToSlot { get; init; }

    /// <summary>A unit is, or may be, changed. Before that there is nothing to put back.</summary>
    public bool IsTouched { get; init; }

    /// <summary>Where the app's log ended when the first unit was changed: what follows is of the new release, also for an agent that was away meanwhile.</summary>
    public LogMark? LogMark { get; init; }

    /// <summary>When the traffic is, or may be, moved (UTC); null before.</summary>
    public DateTimeOffset? SwitchedAt { get; init; }

    /// <summary>How often systemd had restarted the app's unit before the traffic was moved: what comes on top is seen also by an agent that was away meanwhile. Null before.</summary>
    public int? Restarts { get; init; }

    /// <summary>Why <see cref="To"/> is given up and <see cref="From"/> put back; null while it is not.</summary>
    public Failure? Failure { get; init; }

    /// <summary>It is put back because the command was canceled.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The answer; null while it is under way.</summary>
    public CommandResult? Result { get; init; }
}
