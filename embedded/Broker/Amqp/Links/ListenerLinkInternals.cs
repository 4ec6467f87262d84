using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

/// <summary>
/// Members of AMQPNetLite's listener that its public surface leaves out (version 2.5.5, pinned). The library forgets the
/// credit of a link when a flow repeats what was granted before, and answers a drain without the drain flag; both
/// matter to clients other than its own.
/// </summary>
internal static class ListenerLinkInternals
{
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "InitializeLinkEndpoint")]
    public static extern void Initialize(ListenerLink link, LinkEndpoint endpoint, uint credit);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "linkEndpoint")]
    public static extern ref LinkEndpoint? Endpoint(ListenerLink link);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "credit")]
    public static extern ref uint Credit(ListenerLink link);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendFlow")]
    public static extern void SendFlow(Session session, Flow flow, Link? link);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_SettleOnSend")]
    public static extern void SettleOnSend(ListenerLink link, bool value);
}
