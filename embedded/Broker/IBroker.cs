namespace VpsPilot.Embedded.Broker;

/// <summary>
/// The broker inside this process, without the network. Thread-safe. Every method that changes something returns
/// after the change is on disk (SQLite, WAL, synchronous FULL).
/// </summary>
public interface IBroker
{
    /// <summary>The address the AMQP listener is bound to, with the real port. Known once the host has started.</summary>
    Uri AmqpEndpoint { get; }

    /// <summary>Creates a queue, or leaves an existing one as it is. Returns whether it was created.</summary>
    Task<bool> CreateQueueAsync(string queue, QueueSettings? settings = null, CancellationToken cancellationToken = default);

    /// <summary>Replaces the settings and rules of a queue. Throws <see cref="QueueNotFoundException"/>.</summary>
    Task UpdateQueueAsync(string queue, QueueSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Deletes a queue with its messages and closes its links. Returns whether it existed.</summary>
    Task<bool> DeleteQueueAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>The settings of a queue, or null when there is none of that name.</summary>
    QueueSettings? FindQueue(string queue);

    /// <summary>The names of all queues, in order.</summary>
    IReadOnlyList<string> ListQueues();

    /// <summary>How many messages a queue holds. Throws <see cref="QueueNotFoundException"/>.</summary>
    QueueCounts Count(string queue);

    /// <summary>Sends one message. Returns its sequence number, or null when duplicate detection dropped it.</summary>
    Task<long?> SendAsync(string queue, BrokerMessage message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Receives up to <paramref name="maxMessages"/> under peek-lock: waits up to <paramref name="maxWait"/> for the first, then
    /// takes what is ready. Empty when nothing came. <paramref name="queue"/> may end in <c>/$DeadLetterQueue</c>.
    /// </summary>
    Task<IReadOnlyList<LockedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken = default);

    /// <summary>Removes a locked message. False when the lock was lost: the message may come again.</summary>
    Task<bool> CompleteAsync(LockedMessage message, CancellationToken cancellationToken = default);

    /// <summary>Gives a locked message back; at the delivery limit it is dead-lettered instead. False when the lock was lost.</summary>
    Task<bool> AbandonAsync(LockedMessage message, CancellationToken cancellationToken = default);

    /// <summary>Moves a locked message to the dead-letter sub-queue. False when the lock was lost.</summary>
    Task<bool> DeadLetterAsync(LockedMessage message, string reason, string? description = null, CancellationToken cancellationToken = default);

    /// <summary>Starts the lock duration anew. Returns the new end of the lock, or null when it was lost.</summary>
    DateTimeOffset? RenewLock(LockedMessage message);
}

/// <summary>Messages in a queue: <paramref name="Active"/> includes the locked ones.</summary>
/// <param name="Active">Ready or locked.</param>
/// <param name="DeadLetter">In the dead-letter sub-queue.</param>
/// <param name="Scheduled">Waiting for their enqueue time.</param>
public sealed record QueueCounts(long Active, long DeadLetter, long Scheduled);

/// <summary>The queue does not exist.</summary>
public sealed class QueueNotFoundException(string queue) : InvalidOperationException($"There is no queue '{queue}'.");

/// <summary>The database file is not one the broker can serve: corrupt, foreign, or of a newer version. Nothing was changed.</summary>
public sealed class BrokerDatabaseException(string message, Exception? inner = null) : Exception(message, inner);
