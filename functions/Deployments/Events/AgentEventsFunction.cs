using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Receives what agents report. A message that is not signed by the node it names is put aside with the reason: trying it again cannot make it
/// right. A signed message that this version cannot read is thrown, so that it is dead-lettered and can be replayed by a newer version. Any other
/// fault is tried again for a while, within the lock of the message: the queue brings a message back at once and only a few times, which is over
/// before a store is there again.
/// </summary>
internal sealed class AgentEventsFunction(NodeStore nodes, VerificationKeys keys, AgentEventHandler handler, RefusedEvents refused, TimeProvider time, ILogger<AgentEventsFunction> logger)
{
    /// <summary>Two minutes together; a lock is renewed for five.</summary>
    private static readonly TimeSpan[] Pauses = [.. new[] { 1, 2, 4, 8, 15, 30, 60 }.Select(s => TimeSpan.FromSeconds(s))];

    [Function(nameof(AgentEvents))]
    public async Task AgentEvents([ServiceBusTrigger(QueueNames.Events, Connection = "ServiceBusConnection")] string message, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ReceiveAsync(message, client, ct);
                return;
            }
            catch (Exception e) when (e is not JsonException && attempt < Pauses.Length && !ct.IsCancellationRequested)
            {
                logger.EventFailed(e, attempt + 1);
                await Task.Delay(Pauses[attempt], time, ct);
            }
        }
    }

    private async Task ReceiveAsync(string message, DurableTaskClient client, CancellationToken ct)
    {
        var signed = SignedMessage.Parse(Encoding.UTF8.GetBytes(message));
        if (signed is not { KeyId: { } keyId, Payload: not null, Signature: not null })
        {
            await refused.PutAsideAsync(message, "?", "malformed", "It is not a signed message.", ct);
            return;
        }

        if (await nodes.GetAsync(keyId, ct) is not { } node || !NodeKeys.Signed(node, signed, keys, time.GetUtcNow()))
        {
            await refused.PutAsideAsync(message, keyId, "unsigned", "It is not signed by a node that is enrolled.", ct);
            return;
        }

        var envelope = Read(signed.Payload);
        if (envelope.NodeId != keyId)
        {
            await refused.PutAsideAsync(message, keyId, "wrong-node", "It speaks for another node than the one that signed it.", ct);
            return;
        }

        await handler.HandleAsync(client, envelope with { OccurredAt = Bounds.Time(envelope.OccurredAt) }, ct);
    }

    /// <exception cref="JsonException">It is not an event that this version can read.</exception>
    internal static EventEnvelope Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, StrictContracts.Json.EventEnvelope) ?? throw new JsonException("The event is null.");
        }
        catch (NotSupportedException e)
        {
            // So the serializer says that the body does not tell of which kind it is.
            throw new JsonException(e.Message, e);
        }
    }
}
