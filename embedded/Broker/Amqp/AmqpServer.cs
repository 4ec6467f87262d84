using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using VpsPilot.Embedded.Broker.Amqp.Links;
using VpsPilot.Embedded.Broker.Amqp.Requests;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>The AMQP 1.0 listener: accepts connections and gives every link to what serves its address.</summary>
internal sealed class AmqpServer : IContainer, IDisposable
{
    private const int SenderCredit = 500;
    private const int MaxFrameBytes = 64 * 1024;

    private readonly BrokerStore store;
    private readonly AccessPolicy policy;
    private readonly RequestNode cbs;
    private readonly ConcurrentDictionary<string, RequestNode> management = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConnectionListener listener;

    public AmqpServer(BrokerStore store, AccessPolicy policy)
    {
        this.store = store;
        this.policy = policy;
        cbs = new RequestNode(CbsNode.Address, new CbsNode(policy).AnswerAsync);
        Endpoint = Reserve(store.Options.AmqpEndpoint);
        listener = new ConnectionListener(new Address(Endpoint.Host, Endpoint.Port, null, null, "/", Endpoint.Scheme), this)
        {
            HandlerFactory = _ => ConnectionEvents.Begin(store),
        };
        listener.AMQP.ContainerId = "vpspilot-" + Guid.NewGuid().ToString("N");
        listener.AMQP.MaxFrameSize = MaxFrameBytes;
        listener.AMQP.MaxLinksPerSession = 1024;
        listener.AMQP.IdleTimeout = 120_000;
        listener.TCP.NoDelay = true;
        listener.SSL.Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        listener.SASL.EnableMechanism("MSSBCBS", new TokenLaterSasl("MSSBCBS"));
        listener.SASL.EnableMechanism("ANONYMOUS", new TokenLaterSasl("ANONYMOUS"));
        listener.SASL.EnableMechanism("PLAIN", new RuleSasl(policy));
    }

    public Uri Endpoint { get; }

    X509Certificate2? IContainer.ServiceCertificate => store.Options.CertificateSource?.Invoke() ?? store.Options.Certificate;

    IDictionary<string, TransportProvider> IContainer.CustomTransports { get; } = new Dictionary<string, TransportProvider>(StringComparer.OrdinalIgnoreCase);

    public void Open() => listener.Open();

    public void Dispose() => listener.Close();

    Message IContainer.CreateMessage(ByteBuffer buffer) => new EncodedMessage(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray());

    Link IContainer.CreateLink(ListenerConnection connection, ListenerSession session, Attach attach) => new ListenerLink(session, attach);

    bool IContainer.AttachLink(ListenerConnection connection, ListenerSession session, Link link, Attach attach)
    {
        var access = ConnectionEvents.Of(connection).Access;
        var listenerLink = (ListenerLink)link;
        var address = SharedAccessSignature.PathOf(AddressOf(attach));
        attach.Unsettled = null;
        if (address.Equals(CbsNode.Address, StringComparison.OrdinalIgnoreCase))
            cbs.Attach(listenerLink, attach, access);
        else if (address.EndsWith(QueueName.ManagementSuffix, StringComparison.OrdinalIgnoreCase))
            AttachManagement(listenerLink, attach, access, address[..^QueueName.ManagementSuffix.Length]);
        else
            AttachQueue(listenerLink, attach, access, address);
        return true;
    }

    private void AttachManagement(ListenerLink link, Attach attach, ConnectionAccess access, string entity)
    {
        var (queue, box) = Find(entity);
        if (access.Allows(queue.Name, AccessRights.Listen) == 0 && access.Allows(queue.Name, AccessRights.Send) == 0)
            throw Unauthorized(queue.Name, "Listen or Send");
        management.GetOrAdd(entity, _ => new RequestNode(entity + QueueName.ManagementSuffix, new ManagementNode(store, queue.Name, box).AnswerAsync))
            .Attach(link, attach, access);
    }

    private void AttachQueue(ListenerLink link, Attach attach, ConnectionAccess access, string address)
    {
        var (queue, box) = Find(address);
        var right = link.Role ? AccessRights.Send : AccessRights.Listen;
        if (access.Allows(queue.Name, right) == 0)
            throw Unauthorized(queue.Name, right.ToString());
        if (link.Role)
        {
            if (box != Box.Active)
                throw new AmqpException(ErrorCode.NotAllowed, "Nothing can be sent to a dead-letter queue.");
            attach.MaxMessageSize = (ulong)store.Options.MaxMessageSizeBytes;
            ListenerLinkInternals.Initialize(link, new IncomingLink(link, queue, store, new LinkAccess(access, queue, right, store.Time)), SenderCredit);
            return;
        }
        if ((attach.Source as Source)?.FilterSet is { Count: > 0 } filters && filters.Keys.Any(key => key.ToString()!.Contains("session", StringComparison.Ordinal)))
            throw new AmqpException(ErrorCode.NotImplemented, "Sessions are not supported.");
        var from = box == Box.Active ? queue.Active : queue.DeadLetter;
        var outgoing = new OutgoingLink(link, from, store, new LinkAccess(access, queue, right, store.Time), attach.InitialDeliveryCount);
        ListenerLinkInternals.Initialize(link, outgoing, 0);
        from.Add(outgoing);
    }

    private (QueueEntity Queue, Box Box) Find(string address)
    {
        var (name, box) = QueueName.Parse(address);
        var queue = store.Queues.Find(name)
            ?? throw new AmqpException(ErrorCode.NotFound, $"The messaging entity '{address}' could not be found.");
        return (queue, box);
    }

    private static AmqpException Unauthorized(string queue, string right) =>
        new(ErrorCode.UnauthorizedAccess, $"Unauthorized access: '{right}' claim(s) on '{queue}' are required. Put a token on $cbs first.");

    private static string AddressOf(Attach attach) => (attach.Role, attach.Source, attach.Target) switch
    {
        (true, Source { Address: { } address }, _) => address,
        (false, _, Target { Address: { } address }) => address,
        (false, _, not null and not Target) => throw new AmqpException(ErrorCode.NotImplemented, "Transactions are not supported."),
        _ => throw new AmqpException(ErrorCode.InvalidField, "The link has no address."),
    };

    // The library neither tells which port it got, nor fails when another of its listeners has the port. It takes a name for all addresses.
    private static Uri Reserve(Uri endpoint)
    {
        var address = AddressOf(endpoint);
        using var probe = new TcpListener(address, Math.Max(endpoint.Port, 0));
        probe.Start();
        return new UriBuilder(endpoint.Scheme, address.ToString(), ((IPEndPoint)probe.LocalEndpoint).Port).Uri;
    }

    private static IPAddress AddressOf(Uri endpoint)
    {
        if (IPAddress.TryParse(endpoint.Host, out var address))
            return address;
        try
        {
            var found = Dns.GetHostAddresses(endpoint.DnsSafeHost);
            return Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"The broker cannot listen on {endpoint}: no address is known for '{endpoint.Host}'.", e);
        }
    }
}
