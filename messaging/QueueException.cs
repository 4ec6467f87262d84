namespace VpsPilot.Messaging;

/// <summary>What kept a queue operation from being done.</summary>
public enum QueueError
{
    /// <summary>The broker could not be reached in time, or the connection broke. It may have happened nevertheless.</summary>
    Unreachable,

    /// <summary>There is no such queue.</summary>
    NotFound,

    /// <summary>The rule or token does not allow it.</summary>
    Unauthorized,

    /// <summary>The message is larger than the broker takes.</summary>
    TooLarge,

    /// <summary>The lock was lost: the message may come again.</summary>
    LockLost,

    /// <summary>The broker refused for another reason.</summary>
    Refused,
}

/// <summary>A queue operation that was not done.</summary>
public sealed class QueueException(QueueError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public QueueError Error { get; } = error;
}
