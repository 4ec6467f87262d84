namespace VpsPilot.Embedded.Broker;

/// <summary>How one queue behaves. The defaults are those of Azure Service Bus, except where noted.</summary>
public sealed record QueueSettings
{
    /// <summary>How long a received message stays locked to its receiver when it is not renewed.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After this many deliveries without completion a message goes to the dead-letter sub-queue.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>Time to live of a message that brings none, and the upper bound of what it may bring. <see cref="TimeSpan.MaxValue"/>: for ever.</summary>
    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.MaxValue;

    /// <summary>Whether an expired message goes to the dead-letter sub-queue; otherwise it is dropped.</summary>
    public bool DeadLetterOnExpiration { get; init; }

    /// <summary>Whether a second message with the same id inside <see cref="DuplicateDetectionWindow"/> is accepted and dropped.</summary>
    public bool RequiresDuplicateDetection { get; init; }

    /// <summary>How long a message id is remembered for duplicate detection.</summary>
    public TimeSpan DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Who may use this queue, beside the root rule.</summary>
    public IReadOnlyList<QueueRule> Rules { get; init; } = [];
}

/// <summary>What a shared access rule allows. The values combine.</summary>
[Flags]
public enum AccessRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Receive and settle.</summary>
    Listen = 1,

    /// <summary>Send, schedule and cancel.</summary>
    Send = 2,

    /// <summary>Create, change and delete. A rule that has it needs the other two as well.</summary>
    Manage = 4,

    /// <summary>All three.</summary>
    All = Listen | Send | Manage,
}

/// <summary>A shared access rule of one queue.</summary>
/// <param name="KeyName">Name of the rule; tokens carry it as <c>skn</c>.</param>
/// <param name="PrimaryKey">Key that signs tokens, used as it stands (UTF-8).</param>
/// <param name="SecondaryKey">A second key that is also accepted, for rotation; empty for none.</param>
/// <param name="Rights">What the rule allows on its queue.</param>
public sealed record QueueRule(string KeyName, string PrimaryKey, string SecondaryKey, AccessRights Rights)
{
    /// <summary>Leaves the keys out.</summary>
    public override string ToString() => $"{KeyName} ({Rights})";
}
