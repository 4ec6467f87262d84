using System.Text;
using System.Text.Json;
using VpsPilot.Embedded.Broker;

namespace VpsPilot.Embedded.Functions.Hosting.ServiceBus;

/// <summary>A message as the type a function asks for: text, bytes, <see cref="BinaryData"/>, or JSON.</summary>
internal static class MessageConverter
{
    public static object? One(LockedMessage message, Type type) => type switch
    {
        _ when type == typeof(string) => Encoding.UTF8.GetString(message.Body.Span),
        _ when type == typeof(byte[]) => message.Body.ToArray(),
        _ when type == typeof(BinaryData) => BinaryData.FromBytes(message.Body, message.ContentType),
        _ => JsonSerializer.Deserialize(message.Body.Span, type, JsonSerializerOptions.Web),
    };

    public static Array Many(IReadOnlyList<LockedMessage> messages, Type arrayType)
    {
        var element = arrayType.GetElementType() ?? throw new InvalidOperationException("A batched function takes an array of messages.");
        var array = Array.CreateInstance(element, messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            array.SetValue(One(messages[i], element), i);
        }

        return array;
    }

    /// <summary>The facts that the public extension gives, by the same names.</summary>
    public static IReadOnlyDictionary<string, object?> BindingData(LockedMessage message) => new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
    {
        ["MessageId"] = message.MessageId,
        ["DeliveryCount"] = message.DeliveryCount,
        ["CorrelationId"] = message.CorrelationId,
        ["ContentType"] = message.ContentType,
        ["Subject"] = message.Subject,
        ["SequenceNumber"] = message.SequenceNumber,
        ["EnqueuedTimeUtc"] = message.EnqueuedTime.UtcDateTime,
        ["LockToken"] = message.LockToken.ToString(),
        ["ApplicationProperties"] = message.ApplicationProperties,
    };
}
