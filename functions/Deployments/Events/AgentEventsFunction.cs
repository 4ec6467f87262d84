using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Receives what agents report. A message that is not signed by the node it names is logged and dropped: trying it again cannot make it
/// right, and a node that floods the queue must not fill the dead letters. A signed message that this version cannot read is thrown, so that
/// it is dead-lettered and can be replayed by a newer version. A fault of the store is thrown too: the message comes again.
/// </summary>
internal sealed class AgentEventsFunction(NodeStore nodes, AgentEventHandler handler, ILogger<AgentEventsFunction> logger)
{
    [Function(nameof(AgentEvents))]
    public async Task AgentEvents([ServiceBusTrigger(QueueNames.Events, Connection = "ServiceBusConnection")] string message, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        var signed = SignedMessage.Parse(Encoding.UTF8.GetBytes(message));
        if (signed is not { KeyId: { } keyId, Payload: not null, Signature: not null })
        {
            logger.EventDropped("?", "it is not a signed message");
            return;
        }

        if ((await nodes.GetAsync(keyId, ct))?.SigningKey is not { } key || !signed.IsSignedBy(key))
        {
            logger.EventDropped(keyId, "it is not signed by a known node");
            return;
        }

        var envelope = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.EventEnvelope) ?? throw new JsonException("The event is null.");
        if (envelope.NodeId != keyId)
        {
            logger.EventDropped(keyId, "it speaks for another node");
            return;
        }

        await handler.HandleAsync(client, envelope, ct);
    }
}
