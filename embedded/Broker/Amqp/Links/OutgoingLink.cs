using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Amqp.Links;

/// <summary>A client's receiving link. It takes as much as the client's credit, and a bound of unsettled messages, allow.</summary>
internal sealed class OutgoingLink : LinkEndpoint, IConsumer
{
    private const long MaxUnsettledBytes = 32 * 1024 * 1024;

    // The library may report the end of a link while it holds the lock of the connection: the end takes the inner lock (gate) only, and nothing
    // of the library is called under that one.
    private readonly SessionSending sending;
    private readonly Lock gate = new();
    private readonly ListenerLink link;
    private readonly QueueBox box;
    private readonly BrokerStore store;
    private readonly LinkAccess access;
    private readonly Settlement settlement;
    private readonly CancellationTokenRegistration deleted;
    private int credit;
    private int reserved;
    private int unsettled;
    private long unsettledBytes;
    private uint deliveryCount;
    private bool draining;
    private bool closed;

    public OutgoingLink(ListenerLink link, QueueBox box, BrokerStore store, LinkAccess access, uint initialDeliveryCount)
    {
        this.link = link;
        this.box = box;
        this.store = store;
        this.access = access;
        deliveryCount = initialDeliveryCount;
        sending = SessionSending.Of(link.Session);
        settlement = new Settlement(link, box);
        deleted = box.Queue.Deleted.Register(() => LinkErrors.Close(link, ErrorCode.ResourceDeleted, "The queue was deleted."));
    }

    public override void OnFlow(FlowContext flowContext)
    {
        lock (sending.Gate)
        {
            lock (gate)
            {
                credit = Math.Max(0, credit + flowContext.Messages);
                draining = link.IsDraining;
                ListenerLinkInternals.Credit(link) = (uint)(credit + reserved);
            }
            FinishDrain(withCredit: false);
        }
        box.Wake();
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // The library also reports what is left at the end of a link; OnLinkClosed gives those back.
        if (closed || link.IsClosed || dispositionContext.Message is not LockedDelivery delivery)
            return;
        if (!settlement.Settle(delivery, dispositionContext.DeliveryState, dispositionContext.Settled))
            return;
        bool blocked;
        lock (gate)
        {
            blocked = IsFull;
            unsettled--;
            unsettledBytes -= delivery.Size;
        }
        if (blocked)
            box.Wake();
    }

    /// <summary>The client has closed its end: what would arrive after the answer to that would break its connection.</summary>
    public void StopSending()
    {
        lock (sending.Gate)
        {
            lock (gate)
                closed = true;
        }
    }

    public override void OnLinkClosed(ListenerLink link, Error error)
    {
        lock (gate)
            closed = true;
        // Not disposed of: that would wait for a deletion of the queue that is closing this very link.
        deleted.Unregister();
        access.Dispose();
        box.Remove(this);
    }

    public bool TryReserve()
    {
        lock (gate)
        {
            if (closed || credit <= 0 || IsFull)
                return false;
            if (!access.IsAllowed())
            {
                credit = 0;
                ThreadPool.UnsafeQueueUserWorkItem(link => LinkErrors.Close(link, ErrorCode.UnauthorizedAccess, "The token has expired, or its key does not hold any more."), link, preferLocal: false);
                return false;
            }
            credit--;
            reserved++;
            return true;
        }
    }

    public void Unreserve()
    {
        lock (gate)
        {
            reserved--;
            credit++;
        }
    }

    public bool Deliver(MessageLock held, StoredContent content)
    {
        var buffer = DeliveryEncoder.Encode(held.Entry, content, link.SettleOnSend ? null : held.Until, held.Entry.DeliveryCount - 1);
        var delivery = new LockedDelivery(held.Token, buffer.Length);
        // Receive-and-delete: gone before it leaves, so at most once.
        if (link.SettleOnSend)
            return box.Complete(held.Token, error => _ = error is null ? Send(delivery, buffer) : GiveUp()) is not null || GiveUp();
        return Send(delivery, buffer);
    }

    public void Idle()
    {
        lock (sending.Gate)
            FinishDrain(withCredit: true);
    }

    private bool IsFull => unsettled >= store.Options.MaxUnsettledPerLink || unsettledBytes >= MaxUnsettledBytes;

    private bool Send(LockedDelivery delivery, ByteBuffer buffer)
    {
        lock (sending.Gate)
        {
            lock (gate)
            {
                reserved--;
                if (closed || sending.HasEnded)
                    return false;
                if (!link.SettleOnSend)
                {
                    unsettled++;
                    unsettledBytes += delivery.Size;
                }
                deliveryCount++;
            }
            try
            {
                link.SendMessage(delivery, buffer);
            }
            catch (Exception e) when (e is AmqpException or ObjectDisposedException)
            {
                lock (gate)
                    credit = 0;
                return false;
            }
            FinishDrain(withCredit: false);
        }
        // The box may have been found empty while this one was still reserved.
        if (draining)
            box.Wake();
        return true;
    }

    private bool GiveUp()
    {
        Unreserve();
        return false;
    }

    // With credit left only when the box is known to be empty.
    private void FinishDrain(bool withCredit)
    {
        lock (gate)
        {
            if (closed || !draining || reserved > 0 || (credit > 0 && !withCredit))
                return;
            draining = false;
            ListenerLinkInternals.Credit(link) = (uint)credit;
            deliveryCount += (uint)credit;
            credit = 0;
        }
        link.CompleteDrain();
        ListenerLinkInternals.SendFlow(link.Session, new Flow { Handle = link.Handle, DeliveryCount = deliveryCount, LinkCredit = 0, Drain = true }, link: null);
    }
}
