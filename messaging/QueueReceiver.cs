using Microsoft.Extensions.Logging;
using VpsPilot.Messaging.Amqp;
using VpsPilot.Messaging.Receiving;

namespace VpsPilot.Messaging;

/// <summary>Decides on one message. The token ends when the lock is lost or the receiver has to stop; throwing counts as abandoning.</summary>
public delegate Task<Settlement> MessageHandler(ReceivedMessage message, CancellationToken cancellationToken);

/// <summary>Receives from a queue under peek-lock. One object may run several queues.</summary>
public sealed class QueueReceiver(QueueConnectionOptions options, ILogger<QueueReceiver> logger, TimeProvider? timeProvider = null)
{
    /// <summary>A connection that held so long was a good one; one that breaks right after it was attached is not tried again at once.</summary>
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(5);

    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;

    /// <summary>
    /// Receives until <paramref name="cancellationToken"/> ends, then lets running handlers finish (up to
    /// <see cref="QueueConnectionOptions.DrainTimeout"/>) and returns. A broken connection, a missing queue or a refused token is
    /// tried again for ever, with growing, jittered waits. A message is delivered at least once: again, when its settlement
    /// did not reach the broker. A message whose completion the broker has confirmed does not come again.
    /// </summary>
    /// <param name="queue">Name of the queue; <c>queue/$DeadLetterQueue</c> for its dead letters.</param>
    /// <param name="handler">Called for each message, in the order of arrival.</param>
    /// <param name="prefetch">How many messages may be with this receiver at once, and so how many handlers run at once; 1 keeps order.</param>
    /// <param name="cancellationToken">Ends receiving.</param>
    public async Task RunAsync(string queue, MessageHandler handler, int prefetch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefetch, 1);
        var backoff = new Backoff(options.MaxReconnectDelay, time);
        while (!cancellationToken.IsCancellationRequested)
        {
            long? attached = null;
            try
            {
                await using var pump = new ReceivePump(options, queue, handler, logger, time);
                await pump.OpenAsync(prefetch, cancellationToken);
                ReceiverLog.Connected(logger, queue, options.Endpoint);
                attached = time.GetTimestamp();
                await pump.RunAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (AmqpErrors.IsTransport(e))
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                if (attached is { } since && time.GetElapsedTime(since) >= Held)
                    backoff.Reset();
                var wait = backoff.Next();
                ReceiverLog.Reconnecting(logger, queue, wait, AmqpErrors.From(e, "Receiving broke off").Message);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
