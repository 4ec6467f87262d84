using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Nodes;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Azure;

/// <summary>The nodes' queues on Service Bus, reached with the app's own identity or a connection string.</summary>
/// <remarks>Source: Azure SDK documentation, "ServiceBusSender": a sender is a link, made at the first send and kept open until it is disposed.</remarks>
internal sealed class ServiceBusCommandQueue(ServiceBusClient client) : ICommandQueue
{
    /// <summary>Links that are kept open; beyond, each send has one of its own.</summary>
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<string, ServiceBusSender> kept = new(StringComparer.Ordinal);

    public async Task SendAsync(string nodeId, OutgoingMessage message, CancellationToken ct)
    {
        var queue = QueueNames.OfNode(nodeId);
        if (!kept.TryGetValue(queue, out var sender) && kept.Count < MostKept)
        {
            sender = kept.GetOrAdd(queue, client.CreateSender);
        }

        if (sender is not null)
        {
            await SendAsync(sender, message, ct);
            return;
        }

        await using var once = client.CreateSender(queue);
        await SendAsync(once, message, ct);
    }

    private static Task SendAsync(ServiceBusSender sender, OutgoingMessage message, CancellationToken ct) =>
        ServiceBusErrors.MapAsync($"The message for '{sender.EntityPath}' was not sent", () => sender.SendMessageAsync(ServiceBusMessages.Of(message), ct));
}
