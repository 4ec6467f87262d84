using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;

namespace VpsPilot.Messaging.Amqp;

/// <summary>
/// Members of AMQPNetLite that its public surface leaves out (version 2.5.5, pinned): its receiver can only settle without
/// waiting for the broker, and then nobody knows whether the settlement was stored; and when it takes its credit back, it breaks the connection
/// at a message that was already under way.
/// </summary>
internal static class DeliveryInternals
{
    private const string DeliveryType = "Amqp.Delivery, Amqp.Net";

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Delivery")]
    [return: UnsafeAccessorType(DeliveryType)]
    public static extern object? Delivery(Message message);

    /// <summary>Sends a disposition; with <paramref name="settled"/> false the broker answers with its own.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "DisposeDelivery")]
    public static extern void Dispose(Session session, bool role, [UnsafeAccessorType(DeliveryType)] object delivery, DeliveryState state, bool settled);

    /// <summary>Asks the broker for no more messages. Those under way still arrive, at most as many as the credit allowed.</summary>
    public static void StopCredit(ReceiverLink link)
    {
        lock (ThisLock(link))
        {
            var underWay = Credit(link);
            link.SetCredit(0, CreditMode.Drain);
            Credit(link) = underWay;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ThisLock")]
    private static extern object ThisLock(Link link);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    private static extern ref int Credit(ReceiverLink link);
}
