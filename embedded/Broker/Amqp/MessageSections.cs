using Amqp;
using Amqp.Framing;
using Amqp.Types;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>Takes an encoded message apart only as far as the broker needs; the bare message stays as it was sent.</summary>
internal static class MessageSections
{
    /// <summary>Message format of a Service Bus batch: each data section is one encoded message.</summary>
    public const uint BatchFormat = 0x80013700;

    private const byte DescribedFormat = 0x00;
    private const byte SmallULong = 0x53;
    private const int PropertiesCode = 0x73;
    private const int PriorityField = 1;
    private const int TtlField = 2;
    private const string ScheduledEnqueueTime = "x-opt-scheduled-enqueue-time";

    /// <exception cref="AmqpException">The bytes are not an AMQP message.</exception>
    public static NewMessage[] Parse(byte[] encoded, uint format)
    {
        if (format != BatchFormat)
            return [Parse(encoded)];
        var message = Message.Decode(Buffer(encoded));
        Data[] parts = message.BodySection switch
        {
            Data one => [one],
            DataList many => [.. Enumerable.Range(0, many.Count).Select(i => many[i])],
            _ => throw new AmqpException(ErrorCode.DecodeError, "A batch has data sections."),
        };
        return [.. parts.Select(part => Parse(Bytes(part)))];
    }

    /// <summary>The data sections of a message joined, or the bytes of its value.</summary>
    public static byte[] Body(Message message) => message.BodySection switch
    {
        Data one => Bytes(one),
        DataList many => [.. Enumerable.Range(0, many.Count).SelectMany(i => Bytes(many[i]))],
        AmqpValue { Value: string text } => System.Text.Encoding.UTF8.GetBytes(text),
        AmqpValue { Value: byte[] bytes } => bytes,
        _ => [],
    };

    /// <summary>Encodes a message of this process.</summary>
    public static NewMessage Encode(BrokerMessage message)
    {
        var properties = new Properties { MessageId = message.MessageId };
        if (message.ContentType is not null)
            properties.ContentType = message.ContentType;
        if (message.Subject is not null)
            properties.Subject = message.Subject;
        if (message.CorrelationId is not null)
            properties.CorrelationId = message.CorrelationId;
        var encoded = new Message { Properties = properties, BodySection = new Data { Binary = message.Body.ToArray() } };
        if (message.ApplicationProperties.Count > 0)
        {
            encoded.ApplicationProperties = new ApplicationProperties();
            foreach (var (name, value) in message.ApplicationProperties)
                encoded.ApplicationProperties[name] = value;
        }
        var buffer = encoded.Encode();
        return new(message.MessageId, message.TimeToLive is { } ttl ? Clock.ToMilliseconds(ttl) : null,
            message.ScheduledEnqueueTime?.ToUnixTimeMilliseconds(), null, buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray());
    }

    public static byte[] Bytes(Data data) =>
        data.Buffer is { } buffer ? buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray() : data.Binary;

    public static ByteBuffer Buffer(byte[] bytes) => new(bytes, 0, bytes.Length, bytes.Length);

    private static NewMessage Parse(byte[] encoded)
    {
        var buffer = Buffer(encoded);
        Header? header = null;
        MessageAnnotations? annotations = null;
        byte[]? encodedAnnotations = null;
        while (buffer.Length > 0 && Code(encoded, buffer.Offset) < PropertiesCode)
        {
            var start = buffer.Offset;
            switch (Encoder.ReadObject(buffer))
            {
                case Header section:
                    header = section;
                    break;
                case MessageAnnotations section:
                    annotations = section;
                    encodedAnnotations = encoded[start..buffer.Offset];
                    break;
                case DeliveryAnnotations:
                    break;
                default:
                    throw new AmqpException(ErrorCode.DecodeError, "A message starts with header, annotations or properties.");
            }
        }
        if (buffer.Length == 0)
            throw new AmqpException(ErrorCode.DecodeError, "The message has no body.");
        var bare = buffer.Offset;
        var properties = Code(encoded, bare) == PropertiesCode ? Encoder.ReadObject(buffer) as Properties : null;
        var payload = properties?.GetMessageId() is null ? WithMessageId(properties ??= new Properties(), encoded.AsSpan(buffer.Offset)) : encoded[bare..];
        long? dueAt = annotations?[new Symbol(ScheduledEnqueueTime)] is DateTime at ? new DateTimeOffset(at).ToUnixTimeMilliseconds() : null;
        return new(properties.GetMessageId()?.ToString(), header?.HasField(TtlField) == true ? header.Ttl : null, dueAt, encodedAnnotations, payload, header?.HasField(PriorityField) == true && header.Priority == 0);
    }

    // Service Bus clients rely on every message having an id.
    private static byte[] WithMessageId(Properties properties, ReadOnlySpan<byte> rest)
    {
        properties.MessageId = Guid.NewGuid().ToString("N");
        var section = new ByteBuffer(128, autoGrow: true);
        properties.Encode(section);
        return [.. section.Buffer.AsSpan(section.Offset, section.Length), .. rest];
    }

    // Section codes are written in one byte by every known library; anything else is left to the general decoder.
    private static int Code(byte[] encoded, int at) =>
        encoded.Length > at + 2 && encoded[at] == DescribedFormat && encoded[at + 1] == SmallULong
            ? encoded[at + 2]
            : throw new AmqpException(ErrorCode.DecodeError, "A message section has an unknown descriptor.");
}
