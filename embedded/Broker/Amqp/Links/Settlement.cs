using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using VpsPilot.Embedded.Broker.Queues;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

/// <summary>
/// Carries out what a receiver decided. A receiver that did not settle by itself (settle mode "second") gets the answer
/// after the commit: its own outcome, or rejected with the reason.
/// </summary>
internal sealed class Settlement(ListenerLink link, QueueBox box)
{
    // The "received" state tells of a partial transfer; it is no outcome.
    private const ulong ReceivedCode = 0x23;
    private readonly SessionSending sending = SessionSending.Of(link.Session);

    /// <summary>Whether the state ends the delivery.</summary>
    public bool Settle(LockedDelivery delivery, DeliveryState? state, bool settled)
    {
        void Answer(Exception? error) => Reply(delivery, state!, settled, error);
        var token = delivery.Token;
        switch (state)
        {
            case Accepted:
                OrLost(box.Complete(token, Answer) is not null, Answer);
                return true;
            case Rejected rejected:
                DeadLetter(token, rejected.Error, Answer);
                return true;
            case Modified { UndeliverableHere: true }:
                box.Abandon(token);
                Answer(new AmqpException(ErrorCode.NotImplemented, "Deferring a message is not supported."));
                return true;
            case Modified { MessageAnnotations.Count: > 0 } modified when box.Content(token) is { } content:
                OrLost(box.Abandon(token, DeliveryEncoder.WithProperties(content.Payload, Properties(modified.MessageAnnotations)), Answer) is not null, Answer);
                return true;
            case Modified or Released:
                Answer(box.Abandon(token) ? null : Lost());
                return true;
            case null or { Descriptor.Code: ReceivedCode } when !settled:
                return false;
            case null or { Descriptor.Code: ReceivedCode }:
                box.Abandon(token);
                return true;
            default:
                box.Abandon(token);
                Answer(new AmqpException(ErrorCode.NotImplemented, "Transactions are not supported."));
                return true;
        }
    }

    private static AmqpException Lost() =>
        new(ServiceBusNames.LockLost, "The lock on the message was lost. The message may be delivered again.");

    private static void OrLost(bool held, Action<Exception?> answer)
    {
        if (!held)
            answer(Lost());
    }

    // Service Bus clients put reason and description into the info map; others have just the condition.
    private void DeadLetter(Guid token, Error? error, Action<Exception?> answer)
    {
        var info = error?.Info is { Count: > 0 } map ? Properties(map) : null;
        var reason = info is null ? error?.Condition?.ToString() : info.GetValueOrDefault(ServiceBusNames.DeadLetterReason) as string;
        var description = info is null ? error?.Description : info.GetValueOrDefault(ServiceBusNames.DeadLetterDescription) as string;
        var others = info?.Where(property => property.Key is not (ServiceBusNames.DeadLetterReason or ServiceBusNames.DeadLetterDescription)).ToList() ?? [];
        var payload = others.Count > 0 && box.Content(token) is { } content ? DeliveryEncoder.WithProperties(content.Payload, others) : null;
        OrLost(box.DeadLetter(token, reason, description, payload, answer) is not null, answer);
    }

    // Some clients write these keys as strings where the standard has symbols.
    private static Dictionary<string, object?> Properties(Map map) =>
        map.ToDictionary(pair => pair.Key.ToString()!, object? (pair) => pair.Value, StringComparer.Ordinal);

    private void Reply(LockedDelivery delivery, DeliveryState state, bool settled, Exception? error)
    {
        if (settled || link.IsClosed)
            return;
        DeliveryState outcome = (error, state) switch
        {
            (not null, _) => new Rejected { Error = LinkErrors.From(error) },
            (_, Rejected) => new Rejected(),
            (_, Released) => new Released(),
            (_, Modified) => new Modified(),
            _ => new Accepted(),
        };
        try
        {
            lock (sending.Gate)
                link.DisposeMessage(delivery, outcome, settled: true);
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException)
        {
            // The connection is gone, and the answer with it.
        }
    }
}
