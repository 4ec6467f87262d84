using System.Collections;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Amqp.Requests;

/// <summary>
/// The <c>$management</c> node of one queue or dead-letter queue (Azure Service Bus, "AMQP request/response-based operations"):
/// renew-lock, update-disposition, schedule-message, cancel-scheduled-message and peek-message.
/// </summary>
internal sealed class ManagementNode(BrokerStore store, string queueName, Box boxKind)
{
    private const string Prefix = "com.microsoft:";
    private const int MaxPeek = 250;

    public async Task<Message> AnswerAsync(Message request, ConnectionAccess access)
    {
        var operation = request.ApplicationProperties?["operation"] as string ?? "";
        var body = (request.BodySection as AmqpValue)?.Value as Map ?? [];
        var right = operation is Prefix + "schedule-message" or Prefix + "cancel-scheduled-message" ? AccessRights.Send : AccessRights.Listen;
        if (access.Allows(queueName, right) == 0)
            return Failure(401, ErrorCode.UnauthorizedAccess, $"'{right}' on '{queueName}' is required.");
        if (store.Queues.Find(queueName) is not { } queue)
            return Failure(404, ErrorCode.NotFound, $"There is no queue '{queueName}'.");
        var box = boxKind == Box.Active ? queue.Active : queue.DeadLetter;
        try
        {
            return operation switch
            {
                Prefix + "renew-lock" => Renew(box, body),
                Prefix + "update-disposition" => await SettleAsync(box, body),
                Prefix + "schedule-message" => await ScheduleAsync(queue, body),
                Prefix + "cancel-scheduled-message" => await CancelAsync(queue, body),
                Prefix + "peek-message" => Peek(box, body),
                _ => Failure(501, ErrorCode.NotImplemented, $"The operation '{operation}' is not supported."),
            };
        }
        catch (AmqpException e)
        {
            return Failure(400, e.Error.Condition.ToString(), e.Message);
        }
    }

    private static Message Renew(QueueBox box, Map body)
    {
        var ends = Items<Guid>(body["lock-tokens"]).Select(box.Renew).ToList();
        return ends.Exists(end => end is null)
            ? Lost()
            : Success(new Map { ["expirations"] = ends.Select(end => end!.Value.UtcDateTime).ToArray() });
    }

    private static async Task<Message> SettleAsync(QueueBox box, Map body)
    {
        var status = body["disposition-status"] as string;
        foreach (var token in Items<Guid>(body["lock-tokens"]))
        {
            var change = status switch
            {
                "completed" => box.Complete(token),
                "suspended" => box.DeadLetter(token, body["deadletter-reason"] as string, body["deadletter-description"] as string),
                "abandoned" => null,
                _ => throw new AmqpException(ErrorCode.NotImplemented, $"The disposition '{status}' is not supported."),
            };
            if (status == "abandoned" ? !box.Abandon(token) : change is null)
                return Lost();
            if (change is not null)
                await change.Done;
        }
        return Success([]);
    }

    private async Task<Message> ScheduleAsync(QueueEntity queue, Map body)
    {
        var messages = Items<Map>(body["messages"]).SelectMany(item => MessageSections.Parse(Binary(item["message"]), 0)).ToArray();
        var send = store.Send(queue, messages);
        await send.Done;
        // A dropped duplicate has no number of its own.
        return Success(new Map { ["sequence-numbers"] = send.Sequences.Select(sequence => sequence ?? 0).ToArray() });
    }

    private async Task<Message> CancelAsync(QueueEntity queue, Map body)
    {
        var found = true;
        foreach (var sequence in Items<long>(body["sequence-numbers"]))
            found &= await store.Schedule.CancelAsync(queue, sequence);
        return found ? Success([]) : Failure(404, "com.microsoft:message-not-found", "There is no scheduled message of that number.");
    }

    private Message Peek(QueueBox box, Map body)
    {
        var from = Convert.ToInt64(body["from-sequence-number"] ?? 0L, System.Globalization.CultureInfo.InvariantCulture);
        var count = Math.Clamp(Convert.ToInt32(body["message-count"] ?? 1, System.Globalization.CultureInfo.InvariantCulture), 1, MaxPeek);
        var messages = new List();
        foreach (var entry in store.Reader.Peek(box.Queue.Id, box.Box, box.Box == Box.Active ? Box.Scheduled : box.Box, from, count))
        {
            if (store.Reader.Content(box.Queue.Id, box.Box, entry.Sequence) is { } content)
                messages.Add(Peeked(entry, content, 0));
            else if (store.Reader.Content(box.Queue.Id, Box.Scheduled, entry.Sequence) is { } scheduled)
                messages.Add(Peeked(entry, scheduled, 2));
        }
        return messages.Count == 0 ? Response(204, "No content", []) : Success(new Map { ["messages"] = messages });
    }

    private static Map Peeked(Entry entry, StoredContent content, int state)
    {
        var buffer = DeliveryEncoder.Encode(entry, content, null, entry.DeliveryCount, state);
        return new Map { ["message"] = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray() };
    }

    private static IEnumerable<T> Items<T>(object? value) => value is IEnumerable items and not string ? items.OfType<T>() : [];

    private static byte[] Binary(object? value) => value switch
    {
        byte[] bytes => bytes,
        ByteBuffer buffer => buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray(),
        _ => throw new AmqpException(ErrorCode.DecodeError, "The message is not binary."),
    };

    private static Message Lost() => Failure(410, ServiceBusNames.LockLost, "The lock on the message was lost.");

    private static Message Success(Map body) => Response(200, "OK", body);

    private static Message Failure(int code, string condition, string description)
    {
        var response = Response(code, description, []);
        response.ApplicationProperties["errorCondition"] = new Symbol(condition);
        return response;
    }

    private static Message Response(int code, string description, Map body) => new()
    {
        ApplicationProperties = new ApplicationProperties { ["statusCode"] = code, ["statusDescription"] = description },
        BodySection = new AmqpValue { Value = body },
    };
}
