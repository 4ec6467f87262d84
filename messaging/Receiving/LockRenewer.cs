using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Microsoft.Extensions.Logging;
using VpsPilot.Messaging.Amqp;

namespace VpsPilot.Messaging.Receiving;

/// <summary>Renews the locks of messages whose handlers run long, through the queue's <c>$management</c> node.</summary>
internal sealed class LockRenewer(QueueConnection connection, string queue, QueueConnectionOptions options, TimeProvider time)
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest lock that Service Bus has. What seems longer, or over, comes from a clock that is not the broker's.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Assumed = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(20);
    private readonly Lock gate = new();
    private Task<RequestResponse>? management;

    /// <summary>Renews at half of the remaining time, and at least every 20 s, until <paramref name="done"/>; cancels <paramref name="lost"/> when the lock is gone.</summary>
    public async Task KeepAsync(Message message, ReceivedMessage received, CancellationTokenSource lost, ILogger logger, CancellationToken done)
    {
        if (message.DeliveryTag is not { Length: 16 } tag || received.LockedUntil == default)
            return;
        var (holds, since) = (HoldsFor(received.LockedUntil), time.GetTimestamp());
        while (!done.IsCancellationRequested)
        {
            var wait = (holds - time.GetElapsedTime(since)) / 2;
            await Task.Delay(wait < Least ? Least : wait > MostWait ? MostWait : wait, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
                return;
            try
            {
                var until = await RenewAsync(new Guid(tag), done);
                (holds, since) = (HoldsFor(until), time.GetTimestamp());
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (AmqpErrors.IsTransport(e))
            {
                ReceiverLog.NotRenewed(logger, queue, received.MessageId, e.Message);
                if (e is not QueueException { Error: QueueError.LockLost } && time.GetElapsedTime(since) < holds && !connection.Session.IsClosed)
                    continue;
                await lost.CancelAsync();
                return;
            }
        }
    }

    /// <summary>How long a lock holds from now on, as far as this machine's clock can tell.</summary>
    private TimeSpan HoldsFor(DateTimeOffset until) => until - time.GetUtcNow() is var left && left > TimeSpan.Zero && left <= Longest ? left : Assumed;

    private async Task<DateTimeOffset> RenewAsync(Guid token, CancellationToken cancellationToken)
    {
        Task<RequestResponse> open;
        lock (gate)
        {
            if (management is null or { IsFaulted: true } or { IsCanceled: true })
                management = RequestResponse.OpenAsync(connection.Session, queue + "/$management", options.OperationTimeout, CancellationToken.None);
            open = management;
        }
        var response = await (await open.WaitAsync(cancellationToken)).AskAsync(
            new Message
            {
                ApplicationProperties = new ApplicationProperties { ["operation"] = "com.microsoft:renew-lock" },
                BodySection = new AmqpValue { Value = new Map { ["lock-tokens"] = new[] { token } } },
            },
            cancellationToken);
        return ((response.BodySection as AmqpValue)?.Value as Map)?["expirations"] is DateTime[] { Length: 1 } ends
            ? new DateTimeOffset(ends[0], TimeSpan.Zero)
            : throw new QueueException(QueueError.Refused, "The answer to renew-lock has no time.");
    }
}
