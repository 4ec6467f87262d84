namespace VpsPilot.Messaging.Administration;

/// <summary>A queue as the management API describes it. What is null is left to the broker's default.</summary>
public sealed record QueueDescription
{
    /// <summary>Name of the queue.</summary>
    public required string Name { get; init; }

    /// <summary>How long a received message stays locked; Azure allows 5 minutes at most.</summary>
    public TimeSpan? LockDuration { get; init; }

    /// <summary>Deliveries before a message is dead-lettered.</summary>
    public int? MaxDeliveryCount { get; init; }

    /// <summary>Time to live of messages that bring none.</summary>
    public TimeSpan? DefaultMessageTimeToLive { get; init; }

    /// <summary>Whether expired messages are dead-lettered.</summary>
    public bool? DeadLetteringOnMessageExpiration { get; init; }

    /// <summary>Whether a message id is accepted once only. Azure cannot change it later.</summary>
    public bool? RequiresDuplicateDetection { get; init; }

    /// <summary>How long ids are remembered.</summary>
    public TimeSpan? DuplicateDetectionHistoryTimeWindow { get; init; }

    /// <summary>Who may use this queue, beside the rules of the namespace. Azure allows 12.</summary>
    public IReadOnlyList<QueueAuthorizationRule> AuthorizationRules { get; init; } = [];

    /// <summary>Messages that are ready or locked; null in what is sent.</summary>
    public long? ActiveMessageCount { get; init; }

    /// <summary>Messages in the dead-letter sub-queue; null in what is sent.</summary>
    public long? DeadLetterMessageCount { get; init; }
}

/// <summary>A shared access rule of one queue.</summary>
/// <param name="KeyName">Name of the rule.</param>
/// <param name="PrimaryKey">Key to sign tokens with; Azure wants 32 random bytes in Base64.</param>
/// <param name="SecondaryKey">A second key that is accepted as well.</param>
/// <param name="Rights">What it allows.</param>
public sealed record QueueAuthorizationRule(string KeyName, string PrimaryKey, string SecondaryKey, QueueRights Rights)
{
    /// <summary>Leaves the keys out.</summary>
    public override string ToString() => $"{KeyName} ({Rights})";
}

/// <summary>Rights of a rule; they combine. Manage needs the other two as well.</summary>
[Flags]
public enum QueueRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Receive and settle.</summary>
    Listen = 1,

    /// <summary>Send.</summary>
    Send = 2,

    /// <summary>Create, change and delete.</summary>
    Manage = 4,
}
