using Amqp;
using VpsPilot.Embedded.Broker.Amqp;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker;

/// <summary>One call of <see cref="IBroker.ReceiveAsync"/>.</summary>
internal sealed class InProcessConsumer(QueueBox box, int maxMessages) : IConsumer
{
    private readonly Lock gate = new();
    private readonly List<LockedMessage> received = [];
    private readonly TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int reserved;
    private bool closed;

    /// <summary>Ends when the batch is full, or when there is something and no more is ready.</summary>
    public Task Enough => enough.Task;

    public bool TryReserve()
    {
        lock (gate)
        {
            if (closed || received.Count + reserved >= maxMessages)
                return false;
            reserved++;
            return true;
        }
    }

    public void Unreserve()
    {
        lock (gate)
            reserved--;
    }

    public bool Deliver(MessageLock held, StoredContent content)
    {
        lock (gate)
        {
            if (closed)
            {
                reserved--;
                return false;
            }
            received.Add(ToMessage(box, held, content));
            reserved--;
            if (received.Count == maxMessages)
                enough.TrySetResult();
            return true;
        }
    }

    public void Idle()
    {
        lock (gate)
        {
            if (received.Count > 0)
                enough.TrySetResult();
        }
    }

    /// <summary>Takes no more, and returns what came.</summary>
    public IReadOnlyList<LockedMessage> Close()
    {
        lock (gate)
        {
            closed = true;
            return received;
        }
    }

    private static LockedMessage ToMessage(QueueBox box, MessageLock held, StoredContent content)
    {
        var message = Message.Decode(MessageSections.Buffer(content.Payload));
        return new LockedMessage(box)
        {
            LockToken = held.Token,
            LockedUntil = Clock.ToTime(held.Until),
            SequenceNumber = held.Entry.Sequence,
            EnqueuedTime = Clock.ToTime(held.Entry.EnqueuedAt),
            DeliveryCount = held.Entry.DeliveryCount,
            MessageId = message.Properties?.GetMessageId()?.ToString(),
            Body = MessageSections.Body(message),
            ContentType = message.Properties?.ContentType?.ToString(),
            Subject = message.Properties?.Subject,
            CorrelationId = message.Properties?.GetCorrelationId()?.ToString(),
            ApplicationProperties = message.ApplicationProperties?.Map.ToDictionary(pair => pair.Key.ToString()!, pair => pair.Value, StringComparer.Ordinal)
                ?? new Dictionary<string, object>(StringComparer.Ordinal),
            DeadLetterReason = content.Reason,
            DeadLetterErrorDescription = content.Description,
        };
    }
}
