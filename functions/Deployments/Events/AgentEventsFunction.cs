using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Contracts;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Receives what agents report. A message that is not signed by the node it names is put aside with the reason: trying it again cannot make it
/// right. A signed message that this version cannot read is thrown, so that it is dead-lettered and can be replayed by a newer version. A fault
/// of the store is thrown too: the message comes again.
/// </summary>
internal sealed class AgentEventsFunction(NodeStore nodes, AgentEventHandler handler, RefusedEvents refused, TimeProvider time)
{
    [Function(nameof(AgentEvents))]
    public async Task AgentEvents([ServiceBusTrigger(QueueNames.Events, Connection = "ServiceBusConnection")] string message, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        var signed = SignedMessage.Parse(Encoding.UTF8.GetBytes(message));
        if (signed is not { KeyId: { } keyId, Payload: not null, Signature: not null })
        {
            await refused.PutAsideAsync(message, "?", "malformed", "It is not a signed message.", ct);
            return;
        }

        if (await nodes.GetAsync(keyId, ct) is not { } node || !NodeKeys.Signed(node, signed, time.GetUtcNow()))
        {
            await refused.PutAsideAsync(message, keyId, "unsigned", "It is not signed by a node that is enrolled.", ct);
            return;
        }

        var envelope = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.EventEnvelope) ?? throw new JsonException("The event is null.");
        if (envelope.NodeId != keyId)
        {
            await refused.PutAsideAsync(message, keyId, "wrong-node", "It speaks for another node than the one that signed it.", ct);
            return;
        }

        await handler.HandleAsync(client, envelope, ct);
    }
}
