using Amqp.Handler;
using Amqp.Listener;
using VpsPilot.Embedded.Broker.Amqp.Links;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>
/// What belongs to one accepted connection. The library hands one SASL profile to all connections, so the profile finds
/// the connection it works for in <see cref="Current"/>, which flows from the accept through the negotiation.
/// </summary>
internal sealed class ConnectionEvents(TimeProvider time, EmbeddedBrokerOptions options) : IHandler
{
    private const string PropertyName = "vpspilot";
    private static readonly AsyncLocal<ConnectionEvents?> Negotiating = new();

    public static ConnectionEvents? Current => Negotiating.Value;

    public ConnectionAccess Access { get; } = new(time);

    public Action? Written => options.Written;

    public static ConnectionEvents Begin(BrokerStore store) => Negotiating.Value = new ConnectionEvents(store.Time, store.Options);

    public static ConnectionEvents Of(ListenerConnection connection) => (ConnectionEvents)connection.Properties[PropertyName];

    public bool CanHandle(EventId id) => id is EventId.SendDelivery or EventId.ConnectionAccept or EventId.LinkRemoteClose or EventId.SessionRemoteClose;

    public void Handle(Event protocolEvent)
    {
        switch (protocolEvent.Id)
        {
            case EventId.ConnectionAccept:
                ((ListenerConnection)protocolEvent.Connection).Properties[PropertyName] = this;
                break;
            case EventId.SendDelivery when protocolEvent.Context is IDelivery { Message: LockedDelivery locked } delivery:
                delivery.Tag = locked.Token.ToByteArray();
                break;
            case EventId.LinkRemoteClose when protocolEvent.Link is ListenerLink link:
                (ListenerLinkInternals.Endpoint(link) as OutgoingLink)?.StopSending();
                break;
            case EventId.SessionRemoteClose when protocolEvent.Session is { } session:
                SessionSending.Of(session).End();
                break;
        }
    }
}
