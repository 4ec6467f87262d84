namespace VpsPilot.Messaging;

/// <summary>A message to send.</summary>
public sealed record OutgoingMessage
{
    /// <summary>Id of the message; a queue with duplicate detection drops a second one with the same id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The payload, sent as one AMQP data section.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>MIME type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>What kind of message it is.</summary>
    public string? Subject { get; init; }

    /// <summary>Id of what this belongs to or answers.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Application properties by name, such as <c>traceparent</c>: strings, numbers, booleans.</summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>How long it may wait in the queue (millisecond precision, at most 49 days); the queue's default when left out.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>When it becomes receivable; at once when left out.</summary>
    public DateTimeOffset? ScheduledEnqueueTime { get; init; }

    /// <summary>
    /// It is in no hurry (priority 0 of the AMQP header): the embedded broker stores it with what else comes within 50 ms, and then accepts it.
    /// Service Bus pays no heed. Default false.
    /// </summary>
    public bool CanWait { get; init; }
}

/// <summary>A message under peek-lock.</summary>
public sealed record ReceivedMessage
{
    /// <summary>Id that the sender gave, as text; empty when there is none.</summary>
    public required string MessageId { get; init; }

    /// <summary>The payload: the data sections joined, or the bytes of a string or binary value.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>MIME type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>What kind of message it is.</summary>
    public string? Subject { get; init; }

    /// <summary>Id of what this belongs to or answers.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Application properties by name. In a dead-letter queue these have <c>DeadLetterReason</c> and <c>DeadLetterErrorDescription</c>.</summary>
    public required IReadOnlyDictionary<string, object> ApplicationProperties { get; init; }

    /// <summary>Deliveries so far, this one included: 1 at first.</summary>
    public required int DeliveryCount { get; init; }

    /// <summary>Number of the message, rising in the order of the queue.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>When the queue took it.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>End of the lock as it was delivered; it is renewed while the handler runs.</summary>
    public required DateTimeOffset LockedUntil { get; init; }
}

/// <summary>The three ways to settle a message.</summary>
public enum SettlementKind
{
    /// <summary>Done: the message is removed.</summary>
    Complete,

    /// <summary>Not now: it is delivered again.</summary>
    Abandon,

    /// <summary>Never: it goes to the dead-letter sub-queue.</summary>
    DeadLetter,
}

/// <summary>What a handler decides on a message.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="Reason">Why it is dead-lettered; null otherwise.</param>
/// <param name="Description">More on the reason, for people.</param>
public sealed record Settlement(SettlementKind Kind, string? Reason = null, string? Description = null)
{
    /// <summary>Done: the message is removed.</summary>
    public static Settlement Complete { get; } = new(SettlementKind.Complete);

    /// <summary>Not now: it is delivered again at once, up to the queue's limit of deliveries.</summary>
    public static Settlement Abandon { get; } = new(SettlementKind.Abandon);

    /// <summary>Never: it goes to the dead-letter sub-queue, with the reason and a description for people.</summary>
    public static Settlement DeadLetter(string reason, string? description = null) => new(SettlementKind.DeadLetter, reason, description);
}
