namespace VpsPilot.Embedded.Broker;

/// <summary>A message to send from inside the process.</summary>
public sealed record BrokerMessage
{
    /// <summary>Id for duplicate detection; a new one when left out.</summary>
    public string MessageId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The payload, carried as one AMQP data section.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>MIME type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>What kind of message it is (AMQP subject).</summary>
    public string? Subject { get; init; }

    /// <summary>Id of what this belongs to or answers.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Application properties: AMQP primitive values by name.</summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>How long it may live; the queue's own limit holds as well.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>When it becomes receivable; now when left out.</summary>
    public DateTimeOffset? ScheduledEnqueueTime { get; init; }
}

/// <summary>A message received under peek-lock inside the process.</summary>
public sealed record LockedMessage
{
    internal LockedMessage(Queues.QueueBox box) => Box = box;

    internal Queues.QueueBox Box { get; }

    /// <summary>The token that settles it.</summary>
    public required Guid LockToken { get; init; }

    /// <summary>End of the lock at the time of receiving.</summary>
    public required DateTimeOffset LockedUntil { get; init; }

    /// <summary>Number of the message, rising in the order of the queue.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>When the queue took it.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>Deliveries so far, this one included: 1 at first.</summary>
    public required int DeliveryCount { get; init; }

    /// <summary>Id that the sender gave, as text; null when there is none.</summary>
    public string? MessageId { get; init; }

    /// <summary>The data sections, or the encoded text of a string value, as bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>MIME type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>What kind of message it is (AMQP subject).</summary>
    public string? Subject { get; init; }

    /// <summary>Id of what this belongs to or answers.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Application properties by name.</summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Why it was dead-lettered; null outside the dead-letter sub-queue.</summary>
    public string? DeadLetterReason { get; init; }

    /// <summary>What the one who dead-lettered it had to say.</summary>
    public string? DeadLetterErrorDescription { get; init; }
}
