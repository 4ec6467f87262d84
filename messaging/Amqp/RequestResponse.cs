using System.Collections.Concurrent;
using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace VpsPilot.Messaging.Amqp;

/// <summary>Requests and answers on one node (<c>$cbs</c>, <c>queue/$management</c>), matched by message id.</summary>
internal sealed class RequestResponse
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> waiting = new(StringComparer.Ordinal);
    private readonly string replyTo = Guid.NewGuid().ToString("N");
    private readonly string address;
    private readonly TimeSpan timeout;
    private SenderLink? requests;

    private RequestResponse(string address, TimeSpan timeout)
    {
        this.address = address;
        this.timeout = timeout;
    }

    public static async Task<RequestResponse> OpenAsync(Session session, string address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var node = new RequestResponse(address, timeout);
        var responses = await AmqpLinks.AttachReceiverAsync(session, address, node.replyTo, ReceiverSettleMode.First, timeout, cancellationToken);
        responses.AddClosedCallback((_, error) => node.Fail(error));
        responses.Start(50, node.OnResponse);
        node.requests = await AmqpLinks.AttachSenderAsync(session, address, timeout, cancellationToken);
        return node;
    }

    /// <summary>The answer with a 2xx status.</summary>
    /// <exception cref="QueueException">The node said no, or nothing.</exception>
    public async Task<Message> AskAsync(Message request, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        request.Properties = new Properties { MessageId = id, ReplyTo = replyTo };
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answer;
        try
        {
            requests!.Send(request, null, null);
            var response = await answer.Task.WaitAsync(timeout, cancellationToken);
            Check(response);
            return response;
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    private void OnResponse(IReceiverLink link, Message message)
    {
        link.Accept(message);
        if (message.Properties?.GetCorrelationId()?.ToString() is { } id && waiting.TryRemove(id, out var answer))
            answer.TrySetResult(message);
    }

    private void Fail(Error? error)
    {
        foreach (var answer in waiting.Values)
            answer.TrySetException(AmqpErrors.From(error, $"'{address}' was closed"));
    }

    private void Check(Message response)
    {
        var properties = response.ApplicationProperties;
        // $cbs and $management spell the same fields differently.
        var status = Convert.ToInt32(properties?["status-code"] ?? properties?["statusCode"] ?? 0, CultureInfo.InvariantCulture);
        if (status is >= 200 and < 300)
            return;
        var description = (properties?["status-description"] ?? properties?["statusDescription"]) as string;
        throw AmqpErrors.From(
            new Error(properties?["errorCondition"] as Symbol ?? status switch
            {
                401 => ErrorCode.UnauthorizedAccess,
                404 => ErrorCode.NotFound,
                410 => AmqpErrors.LockLost,
                >= 500 => ErrorCode.InternalError,
                _ => ErrorCode.NotAllowed,
            })
            { Description = description ?? $"status {status}" },
            $"'{address}' refused");
    }
}
