using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using VpsPilot.Embedded.Broker.Amqp.Links;
using VpsPilot.Embedded.Broker.Security;

namespace VpsPilot.Embedded.Broker.Amqp.Requests;

/// <summary>Answers one request. The context is the connection's access.</summary>
internal delegate Task<Message> AnswerRequest(Message request, ConnectionAccess access);

/// <summary>
/// A request-response node. Requests come on one link, answers go out on another of the same connection and address; the
/// reply-to names that link where a connection has several, and may be left out.
/// </summary>
internal sealed class RequestNode(string address, AnswerRequest answer)
{
    private const int Credit = 100;
    private readonly ConditionalWeakTable<Connection, List<ReplyLink>> replies = [];

    public void Attach(ListenerLink link, Attach attach, ConnectionAccess access)
    {
        if (link.Role)
        {
            link.InitializeReceiver(Credit, (from, message, _, _) => Receive(from, message, access), null);
            return;
        }
        var reply = new ReplyLink(link, (attach.Target as Target)?.Address);
        var links = replies.GetOrCreateValue(link.Session.Connection);
        lock (links)
            links.Add(reply);
        link.Closed += (_, _) =>
        {
            lock (links)
                links.Remove(reply);
        };
        ListenerLinkInternals.SettleOnSend(link, true);
        ListenerLinkInternals.Initialize(link, new NoDemand(), 0);
    }

    private void Receive(ListenerLink from, Message received, ConnectionAccess access)
    {
        from.DisposeMessage(received, new Accepted(), settled: true);
        _ = ReplyAsync(from, received, access);
    }

    private async Task ReplyAsync(ListenerLink from, Message received, ConnectionAccess access)
    {
        try
        {
            var request = Message.Decode(MessageSections.Buffer(((EncodedMessage)received).Encoded));
            var response = await answer(request, access);
            response.Properties = new Properties();
            response.Properties.SetCorrelationId(request.Properties?.GetMessageId() ?? "");
            if (Find(from, request.Properties?.ReplyTo)?.Link is not { } to)
                return;
            var sending = SessionSending.Of(to.Session);
            lock (sending.Gate)
            {
                if (!sending.HasEnded)
                    to.SendMessage(response);
            }
        }
        catch (Exception e)
        {
            LinkErrors.Close(from, ErrorCode.DecodeError, e is AmqpException ? e.Message : $"The request to {address} could not be answered.");
        }
    }

    private ReplyLink? Find(ListenerLink from, string? replyTo)
    {
        if (!replies.TryGetValue(from.Session.Connection, out var links))
            return null;
        lock (links)
        {
            return links.LastOrDefault(reply => replyTo is not null && reply.Address == replyTo)
                ?? links.LastOrDefault(reply => reply.Link.Session == from.Session)
                ?? links.LastOrDefault();
        }
    }

    private sealed record ReplyLink(ListenerLink Link, string? Address);

    private sealed class NoDemand : LinkEndpoint
    {
        public override void OnFlow(FlowContext flowContext)
        {
        }

        public override void OnDisposition(DispositionContext dispositionContext)
        {
        }
    }
}
