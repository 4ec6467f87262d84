namespace VpsPilot.Embedded.Broker.Storage;

/// <summary>The part of a queue a message lies in. The numbers are stored.</summary>
internal enum Box
{
    Active = 0,
    DeadLetter = 1,
    Scheduled = 2,
}

/// <summary>What a sender brings, ready to store. Times are Unix milliseconds.</summary>
/// <param name="MessageId">For duplicate detection; null when the sender gave none.</param>
/// <param name="TimeToLive">In milliseconds; null when the sender gave none.</param>
/// <param name="DueAt">When it becomes active; null for at once.</param>
/// <param name="Annotations">The encoded message-annotations section of the sender.</param>
/// <param name="Payload">The encoded sections from properties to footer, exactly as sent.</param>
/// <param name="CanWait">It need not be a commit of its own.</param>
internal sealed record NewMessage(string? MessageId, long? TimeToLive, long? DueAt, byte[]? Annotations, byte[] Payload, bool CanWait = false);

/// <summary>The content of a message as it is read for one delivery.</summary>
internal sealed record StoredContent(long? TimeToLive, byte[]? Annotations, byte[] Payload, string? Reason, string? Description);

internal enum EntryState
{
    Ready,
    Locked,
    Settling,
}

/// <summary>The header of a stored message in memory. Guarded by the lock of its queue box.</summary>
internal sealed class Entry
{
    public required long Sequence { get; init; }
    public required long Body { get; init; }
    public required long EnqueuedAt { get; init; }
    public required long ExpiresAt { get; init; }
    public int DeliveryCount { get; set; }
    public EntryState State { get; set; }
}
