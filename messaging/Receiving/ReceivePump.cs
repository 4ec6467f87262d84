using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Microsoft.Extensions.Logging;
using VpsPilot.Messaging.Amqp;

namespace VpsPilot.Messaging.Receiving;

/// <summary>One attached receiving link: runs handlers, renews locks, settles. Lives as long as its connection.</summary>
internal sealed class ReceivePump(QueueConnectionOptions options, string queue, MessageHandler handler, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Message, Task> running = [];
    private readonly SettlementAnswers answers = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource handlers = new();
    private QueueConnection? connection;
    private ReceiverLink? link;
    private LockRenewer? renewer;
    private volatile bool stopping;

    public async Task OpenAsync(int prefetch, CancellationToken cancellationToken)
    {
        connection = await QueueConnection.OpenAsync(options, time, answers, cancellationToken);
        await connection.AuthorizeAsync(queue, cancellationToken);
        link = await AmqpLinks.AttachReceiverAsync(connection.Session, queue, null, ReceiverSettleMode.Second, options.OperationTimeout, cancellationToken);
        link.AddClosedCallback((_, error) =>
        {
            answers.FailAll();
            ended.TrySetException(AmqpErrors.From(error, $"The link to '{queue}' ended"));
        });
        renewer = new LockRenewer(connection, queue, options, time);
        link.Start(prefetch, OnMessage);
    }

    /// <summary>Returns after a stop; throws when the link or the connection breaks.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellationToken.IsCancellationRequested)
        {
            // Their locks are lost with the link.
            await handlers.CancelAsync();
            await ended.Task;
        }
        stopping = true;
        if (!ended.Task.IsCompleted)
            DeliveryInternals.StopCredit(link!);
        await Task.WhenAny(Task.WhenAll(running.Values), Task.Delay(options.DrainTimeout, time, CancellationToken.None));
        if (!running.IsEmpty)
            ReceiverLog.DrainTimedOut(logger, queue, running.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await handlers.CancelAsync();
        answers.FailAll();
        if (connection is not null)
            await connection.DisposeAsync();
        _ = ended.Task.Exception;
    }

    private void OnMessage(IReceiverLink from, Message message)
    {
        if (stopping)
        {
            link!.Release(message);
            return;
        }
        // The placeholder keeps a handler that ends at once from being added after it was removed.
        var work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running[message] = work.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                await HandleAsync(message);
            }
            finally
            {
                running.TryRemove(message, out _);
                work.SetResult();
            }
        });
    }

    private async Task HandleAsync(Message message)
    {
        var received = MessageMapping.FromAmqp(message);
        Settlement settlement;
        using (var lost = CancellationTokenSource.CreateLinkedTokenSource(handlers.Token))
        {
            using var done = new CancellationTokenSource();
            var renewing = renewer!.KeepAsync(message, received, lost, logger, done.Token);
            try
            {
                settlement = await handler(received, lost.Token);
            }
            catch (Exception e)
            {
                if (!lost.IsCancellationRequested)
                    ReceiverLog.HandlerFailed(logger, queue, received.MessageId, received.DeliveryCount, e);
                settlement = Settlement.Abandon;
            }
            await done.CancelAsync();
            await renewing;
        }
        try
        {
            await SettleAsync(message, settlement);
            ReceiverLog.Settled(logger, queue, received.MessageId, settlement.Kind);
        }
        catch (Exception e) when (AmqpErrors.IsTransport(e))
        {
            ReceiverLog.NotSettled(logger, queue, received.MessageId, e.Message);
        }
    }

    private async Task SettleAsync(Message message, Settlement settlement)
    {
        var state = State(settlement);
        var answer = answers.Expect(message);
        try
        {
            DeliveryInternals.Dispose(link!.Session, role: true, DeliveryInternals.Delivery(message)!, state, settled: false);
            var outcome = await answer.WaitAsync(options.OperationTimeout, time);
            if (outcome is Rejected refused && (state is not Rejected || refused.Error?.Condition?.ToString() == AmqpErrors.LockLost))
                throw AmqpErrors.From(refused.Error, "The broker refused");
        }
        finally
        {
            answers.Forget(message);
            // Settled by now; this gives the credit back.
            if (!link!.IsClosed)
                link.Complete(message, state);
        }
    }

    private static DeliveryState State(Settlement settlement) => settlement.Kind switch
    {
        SettlementKind.Complete => new Accepted(),
        SettlementKind.Abandon => new Modified { DeliveryFailed = true },
        _ => new Rejected
        {
            Error = new Error("com.microsoft:dead-letter")
            {
                Info = new Fields
                {
                    [new Symbol("DeadLetterReason")] = settlement.Reason,
                    [new Symbol("DeadLetterErrorDescription")] = settlement.Description,
                },
            },
        },
    };
}
