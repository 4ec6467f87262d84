using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;

namespace VpsPilot.Messaging.Amqp;

/// <summary>
/// Members of AMQPNetLite that its public surface leaves out (version 2.5.5, pinned): its receiver can only settle without
/// waiting for the broker, and then nobody knows whether the settlement was stored.
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
}
