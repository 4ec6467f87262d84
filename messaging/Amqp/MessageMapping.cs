using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace VpsPilot.Messaging.Amqp;

/// <summary>Between AMQP messages and the records of this assembly.</summary>
internal static class MessageMapping
{
    private static readonly Symbol ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";
    private static readonly Symbol EnqueuedTime = "x-opt-enqueued-time";
    private static readonly Symbol SequenceNumber = "x-opt-sequence-number";
    private static readonly Symbol LockedUntil = "x-opt-locked-until";

    public static Message ToAmqp(OutgoingMessage message)
    {
        var properties = new Properties { MessageId = message.MessageId };
        if (message.ContentType is not null)
            properties.ContentType = message.ContentType;
        if (message.Subject is not null)
            properties.Subject = message.Subject;
        if (message.CorrelationId is not null)
            properties.CorrelationId = message.CorrelationId;
        var header = new Header { Durable = true };
        if (message.CanWait)
            header.Priority = 0;
        if (message.TimeToLive is { } ttl)
            header.Ttl = (uint)Math.Clamp(ttl.TotalMilliseconds, 1, uint.MaxValue);
        var result = new Message { Header = header, Properties = properties, BodySection = new Data { Binary = message.Body.ToArray() } };
        if (message.ScheduledEnqueueTime is { } at)
            result.MessageAnnotations = new MessageAnnotations { [ScheduledEnqueueTime] = at.UtcDateTime };
        if (message.ApplicationProperties.Count > 0)
        {
            result.ApplicationProperties = new ApplicationProperties();
            foreach (var (name, value) in message.ApplicationProperties)
                result.ApplicationProperties[name] = value;
        }
        return result;
    }

    public static ReceivedMessage FromAmqp(Message message)
    {
        var properties = message.Properties;
        var annotations = message.MessageAnnotations;
        return new()
        {
            MessageId = properties?.GetMessageId()?.ToString() ?? "",
            Body = Body(message),
            ContentType = properties?.ContentType?.ToString(),
            Subject = properties?.Subject,
            CorrelationId = properties?.GetCorrelationId()?.ToString(),
            ApplicationProperties = message.ApplicationProperties?.Map.ToDictionary(pair => pair.Key.ToString()!, pair => pair.Value, StringComparer.Ordinal)
                ?? new Dictionary<string, object>(StringComparer.Ordinal),
            DeliveryCount = (int)(message.Header?.DeliveryCount ?? 0) + 1,
            SequenceNumber = annotations?[SequenceNumber] as long? ?? 0,
            EnqueuedTime = Time(annotations?[EnqueuedTime]),
            LockedUntil = Time(annotations?[LockedUntil]),
        };
    }

    private static DateTimeOffset Time(object? value) => value is DateTime time ? new DateTimeOffset(time, TimeSpan.Zero) : default;

    private static byte[] Body(Message message) => message.BodySection switch
    {
        Data one => Bytes(one),
        DataList many => [.. Enumerable.Range(0, many.Count).SelectMany(i => Bytes(many[i]))],
        AmqpValue { Value: byte[] bytes } => bytes,
        AmqpValue { Value: string text } => Encoding.UTF8.GetBytes(text),
        _ => [],
    };

    private static byte[] Bytes(Data data) =>
        data.Buffer is { } buffer ? buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray() : data.Binary;
}
