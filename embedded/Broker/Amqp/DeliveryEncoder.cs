using Amqp;
using Amqp.Framing;
using Amqp.Types;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>Puts the broker's header and annotations before the stored payload.</summary>
internal static class DeliveryEncoder
{
    public static ByteBuffer Encode(Entry entry, StoredContent content, long? lockedUntil, int deliveriesBefore, int state = 0)
    {
        var header = new Header { Durable = true, DeliveryCount = (uint)deliveriesBefore };
        if (content.TimeToLive is { } ttl)
            header.Ttl = (uint)Math.Min(ttl, uint.MaxValue);
        var annotations = new MessageAnnotations();
        if (content.Annotations is { } own && Encoder.ReadObject(MessageSections.Buffer(own)) is MessageAnnotations decoded)
        {
            // Some clients write the keys as strings where the standard has symbols.
            foreach (var (key, value) in decoded.Map)
                annotations[new Symbol(key.ToString()!)] = value;
        }
        annotations[ServiceBusNames.EnqueuedTime] = Clock.ToTime(entry.EnqueuedAt).UtcDateTime;
        annotations[ServiceBusNames.SequenceNumber] = entry.Sequence;
        annotations[ServiceBusNames.MessageState] = state;
        if (lockedUntil is { } until)
            annotations[ServiceBusNames.LockedUntil] = Clock.ToTime(until).UtcDateTime;
        var payload = content.Reason is null && content.Description is null ? content.Payload : WithReason(content);

        var buffer = new ByteBuffer(payload.Length + 256, autoGrow: true);
        header.Encode(buffer);
        annotations.Encode(buffer);
        AmqpBitConverter.WriteBytes(buffer, payload, 0, payload.Length);
        return buffer;
    }

    /// <summary>The payload with some application properties set.</summary>
    public static byte[] WithProperties(byte[] payload, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        var message = Message.Decode(MessageSections.Buffer(payload));
        message.ApplicationProperties ??= new ApplicationProperties();
        foreach (var (name, value) in properties)
            message.ApplicationProperties[name] = value;
        var encoded = message.Encode();
        return encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).ToArray();
    }

    private static byte[] WithReason(StoredContent content)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (content.Reason is not null)
            properties[ServiceBusNames.DeadLetterReason] = content.Reason;
        if (content.Description is not null)
            properties[ServiceBusNames.DeadLetterDescription] = content.Description;
        return WithProperties(content.Payload, properties);
    }
}
