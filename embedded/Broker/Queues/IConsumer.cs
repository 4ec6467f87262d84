using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>Someone who takes messages from a box: a receiving link, or a caller inside the process.</summary>
internal interface IConsumer
{
    /// <summary>Takes one unit of demand; false when there is none now.</summary>
    bool TryReserve();

    /// <summary>Gives the unit back: there was no message for it.</summary>
    void Unreserve();

    /// <summary>Hands a message over. False when it cannot be taken any more; it then counts as not delivered.</summary>
    bool Deliver(MessageLock locked, StoredContent content);

    /// <summary>There is no ready message now.</summary>
    void Idle();
}

/// <summary>An exclusive hold on one message, ending at a time.</summary>
internal sealed class MessageLock(Entry entry, IConsumer? owner, long until)
{
    public Guid Token { get; } = Guid.NewGuid();

    public Entry Entry { get; } = entry;

    /// <summary>Null while a message only waits to be tried again.</summary>
    public IConsumer? Owner { get; } = owner;

    /// <summary>Unix milliseconds; guarded by the box.</summary>
    public long Until { get; set; } = until;
}
