using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;

namespace VpsPilot.Messaging.Receiving;

/// <summary>Waits for the broker's disposition on messages whose settlement was sent.</summary>
internal sealed class SettlementAnswers : IHandler
{
    private readonly ConcurrentDictionary<Message, TaskCompletionSource<DeliveryState>> waiting = [];
    private volatile bool failed;

    public Task<DeliveryState> Expect(Message message)
    {
        var answer = new TaskCompletionSource<DeliveryState>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[message] = answer;
        if (failed)
            FailAll();
        return answer.Task;
    }

    public void Forget(Message message) => waiting.TryRemove(message, out _);

    public void FailAll()
    {
        failed = true;
        foreach (var answer in waiting.Values)
            answer.TrySetException(new QueueException(QueueError.Unreachable, "The connection was lost before the broker confirmed."));
    }

    public bool CanHandle(EventId id) => id == EventId.DeliveryStateChanged;

    public void Handle(Event protocolEvent)
    {
        if (protocolEvent.Context is IDelivery { Message: { } message } delivery && waiting.TryRemove(message, out var answer))
            answer.TrySetResult(delivery.State);
    }
}
