using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

/// <summary>A client's sending link: every message is accepted when its commit is on disk.</summary>
internal sealed class IncomingLink : LinkEndpoint
{
    private readonly ListenerLink link;
    private readonly QueueEntity queue;
    private readonly BrokerStore store;
    private readonly LinkAccess access;
    private readonly CancellationTokenRegistration deleted;

    public IncomingLink(ListenerLink link, QueueEntity queue, BrokerStore store, LinkAccess access)
    {
        this.link = link;
        this.queue = queue;
        this.store = store;
        this.access = access;
        deleted = queue.Deleted.Register(() => LinkErrors.Close(link, ErrorCode.ResourceDeleted, "The queue was deleted."));
    }

    public override void OnMessage(MessageContext messageContext)
    {
        var message = messageContext.Message;
        if (!access.IsAllowed())
        {
            LinkErrors.Close(link, ErrorCode.UnauthorizedAccess, "The token has expired, or its key does not hold any more.");
            return;
        }
        try
        {
            var encoded = ((EncodedMessage)message).Encoded;
            if (encoded.Length > store.Options.MaxMessageSizeBytes)
                throw new AmqpException(ErrorCode.MessageSizeExceeded, $"The message has {encoded.Length} bytes; at most {store.Options.MaxMessageSizeBytes} are taken.");
            store.Send(queue, MessageSections.Parse(encoded, message.Format), error => Answer(message, error));
        }
        catch (Exception e)
        {
            // Whatever a decoder throws at bytes that are no message, this message is refused and the link goes on.
            Answer(message, e as AmqpException ?? new AmqpException(ErrorCode.DecodeError, "The message cannot be decoded."));
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }

    public override void OnLinkClosed(ListenerLink link, Error error)
    {
        // Not disposed of: that would wait for a deletion of the queue that is closing this very link.
        deleted.Unregister();
        access.Dispose();
    }

    private void Answer(Message message, Exception? error)
    {
        if (link.IsClosed)
            return;
        try
        {
            lock (SessionSending.Of(link.Session).Gate)
                link.DisposeMessage(message, error is null ? new Accepted() : new Rejected { Error = LinkErrors.From(error) }, settled: true);
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException)
        {
            // The connection is gone; the client finds out by itself and sends again.
        }
    }
}
