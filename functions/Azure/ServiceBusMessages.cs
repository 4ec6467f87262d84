using Azure.Messaging.ServiceBus;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Azure;

/// <summary>Messages in the form of the Service Bus client.</summary>
internal static class ServiceBusMessages
{
    public static ServiceBusMessage Of(OutgoingMessage message)
    {
        var sent = new ServiceBusMessage(message.Body) { MessageId = message.MessageId, ContentType = message.ContentType, Subject = message.Subject, CorrelationId = message.CorrelationId };
        foreach (var (name, value) in message.ApplicationProperties)
        {
            sent.ApplicationProperties[name] = value;
        }

        return sent;
    }
}
