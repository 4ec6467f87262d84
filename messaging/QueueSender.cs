using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;
using VpsPilot.Messaging.Amqp;

namespace VpsPilot.Messaging;

/// <summary>Sends to queues over one connection, which it opens when needed and opens again when it breaks. Thread-safe.</summary>
public sealed partial class QueueSender(QueueConnectionOptions initial, ILogger<QueueSender> logger, TimeProvider? timeProvider = null) : IAsyncDisposable
{
    private const int MaxLinks = 200;
    private const int MaxInFlight = 256;

    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly SemaphoreSlim inFlight = new(MaxInFlight, MaxInFlight);
    private readonly SenderLinks links = new(MaxLinks);
    private QueueConnectionOptions options = initial;
    private QueueConnection? connection;

    /// <summary>
    /// Sends one message and returns when the broker has settled it, which means it is durable. A broken connection is
    /// tried again within <see cref="QueueConnectionOptions.OperationTimeout"/>; the message may then be in the queue twice,
    /// unless the queue has duplicate detection.
    /// </summary>
    /// <exception cref="QueueException">The broker refused the message, or could not be reached in time.</exception>
    public async Task SendAsync(string queue, OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(options.OperationTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var backoff = new Backoff(options.MaxReconnectDelay, time);
        QueueException? last = null;
        try
        {
            await inFlight.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new QueueException(QueueError.Unreachable, $"The message for '{queue}' was not sent in time: too many wait.");
        }
        try
        {
            while (true)
            {
                try
                {
                    var link = await LinkAsync(queue, both.Token);
                    try
                    {
                        await SendAsync(link, queue, message, both.Token);
                    }
                    finally
                    {
                        links.Release(link);
                    }

                    return;
                }
                catch (Exception e) when (AmqpErrors.IsTransport(e) && !both.IsCancellationRequested)
                {
                    last = AmqpErrors.From(e, $"The message for '{queue}' was not sent");
                    if (last.Error != QueueError.Unreachable)
                        throw last;
                    LogRetry(logger, queue, backoff.Attempt + 1, last.Message);
                    await backoff.WaitAsync(both.Token);
                }
            }
        }
        catch (Exception e) when (AmqpErrors.IsTransport(e) && limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw last ?? new QueueException(QueueError.Unreachable, $"The message for '{queue}' was not sent in time.", e);
        }
        finally
        {
            inFlight.Release();
        }
    }

    /// <summary>Speaks by another rule or key from now on, over a new connection. Sends that are under way are tried again there.</summary>
    /// <param name="keyName">Name of the shared access rule.</param>
    /// <param name="key">Key of the rule.</param>
    public async Task UseKeyAsync(string keyName, string key)
    {
        await gate.WaitAsync();
        try
        {
            options = options with { KeyName = keyName, Key = key };
            await CloseAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Closes the connection. Sends that are under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        try
        {
            await CloseAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task CloseAsync()
    {
        links.Clear();
        if (connection is not null)
            await connection.DisposeAsync();
        connection = null;
    }

    private static async Task SendAsync(SenderLink link, string queue, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var settled = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        link.Send(MessageMapping.ToAmqp(message), static (_, _, outcome, state) => ((TaskCompletionSource<Outcome>)state).TrySetResult(outcome), settled);
        switch (await settled.Task.WaitAsync(cancellationToken))
        {
            case Accepted:
                return;
            case Rejected rejected:
                throw AmqpErrors.From(rejected.Error, $"The message for '{queue}' was refused");
            default:
                throw new QueueException(QueueError.Unreachable, $"The message for '{queue}' was not taken.");
        }
    }

    private async Task<SenderLink> LinkAsync(string queue, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (connection is { IsOpen: true } && links.Take(queue) is { } open)
                return open;
            if (connection is { IsOpen: false })
            {
                await connection.DisposeAsync();
                connection = null;
            }
            if (connection is null)
            {
                links.Clear();
                connection = await QueueConnection.OpenAsync(options, time, null, cancellationToken);
                LogConnected(logger, options.Endpoint);
            }
            await connection.AuthorizeAsync(queue, cancellationToken);
            return links.Add(queue, await AmqpLinks.AttachSenderAsync(connection.Session, queue, options.OperationTimeout, cancellationToken));
        }
        finally
        {
            gate.Release();
        }
    }

    [LoggerMessage(EventId = 3000, Level = LogLevel.Debug, Message = "Sender connected to {Endpoint}.")]
    private static partial void LogConnected(ILogger logger, Uri endpoint);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "Sending to {Queue} failed (attempt {Attempt}), trying again: {Reason}")]
    private static partial void LogRetry(ILogger logger, string queue, int attempt, string reason);
}
