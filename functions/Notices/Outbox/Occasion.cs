using VpsPilot.Functions.Deployments;

namespace VpsPilot.Functions.Notices.Outbox;

/// <summary>Something that notices, or a commit's status, may be due for; as stored until it is known for whom.</summary>
internal sealed record Occasion
{
    /// <summary>The deployment that reaches a status; null for other occasions.</summary>
    public string? DeploymentId { get; init; }

    /// <summary>That status.</summary>
    public DeploymentStatus? Status { get; init; }

    /// <summary>The notice, where it is known already.</summary>
    public Notice? Notice { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>One notice for one channel, or one status of a commit, that still has to be sent.</summary>
internal sealed record PendingDelivery
{
    /// <summary>The channel's project; null for a channel of everything.</summary>
    public string? ChannelProject { get; init; }

    /// <summary>The channel; null for the status of a commit.</summary>
    public string? Channel { get; init; }

    public Notice? Notice { get; init; }

    /// <summary>The deployment whose commit gets a status; null for a notice.</summary>
    public string? DeploymentId { get; init; }

    public int Attempts { get; init; }

    /// <summary>Not before then; also claims it while it is being sent.</summary>
    public required DateTimeOffset NextAt { get; init; }
}

/// <summary>Remembers that a delivery was made, or given up.</summary>
internal sealed record SentDelivery(DateTimeOffset At, string? Error);
