using Amqp;
using Amqp.Types;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>An incoming message as it came, undecoded.</summary>
internal sealed class EncodedMessage(byte[] encoded) : Message
{
    public byte[] Encoded { get; } = encoded;
}

/// <summary>An outgoing message under lock; the token becomes the delivery tag.</summary>
internal sealed class LockedDelivery(Guid token, int size) : Message
{
    public Guid Token { get; } = token;

    public int Size { get; } = size;
}

/// <summary>Error conditions and annotation names of Service Bus (AMQP 1.0 in Azure Service Bus protocol guide).</summary>
internal static class ServiceBusNames
{
    public const string LockLost = "com.microsoft:message-lock-lost";
    public const string DeadLetterReason = "DeadLetterReason";
    public const string DeadLetterDescription = "DeadLetterErrorDescription";
    public static readonly Symbol EnqueuedTime = "x-opt-enqueued-time";
    public static readonly Symbol SequenceNumber = "x-opt-sequence-number";
    public static readonly Symbol LockedUntil = "x-opt-locked-until";
    public static readonly Symbol MessageState = "x-opt-message-state";
}
