using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Azure;

/// <summary>
/// The queues of nodes on Service Bus, made and deleted with the app's own identity or a connection string. The rules are the same as everywhere, see <see cref="NodeQueues"/>:
/// one to listen on each node's queue, and one for all nodes to send events by.
/// </summary>
/// <remarks>Source: Azure SDK documentation, "ServiceBusAdministrationClient"; Azure documentation, "Service Bus quotas": 12 rules on a queue.</remarks>
internal sealed class ServiceBusNodeQueues(ServiceBusAdministrationClient administration, ServiceBusClient client, ControlPlaneOptions options) : INodeQueues, IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    public async Task EnsureEventsAsync(CancellationToken ct)
    {
        await EventsKeysAsync(ct);
        await EnsureAsync(new CreateQueueOptions(QueueNames.RefusedEvents) { DefaultMessageTimeToLive = NodeQueues.RefusedLifetime }, ct);
    }

    public async Task PutAsideAsync(ReadOnlyMemory<byte> message, string reason, string description, CancellationToken ct)
    {
        await using var sender = client.CreateSender(QueueNames.RefusedEvents);
        await ServiceBusErrors.MapAsync("A refused event was not put aside", () => sender.SendMessageAsync(ServiceBusMessages.Of(NodeQueues.Refused(message, reason, description)), ct));
    }

    public async Task<NodeQueueCredentials> CreateAsync(string nodeId, CancellationToken ct)
    {
        var name = QueueNames.OfNode(nodeId);
        var key = SendKeys.NewKey();
        await SetRuleAsync(await EnsureAsync(new CreateQueueOptions(name), ct), new SharedAccessAuthorizationRule(name, key, SendKeys.NewKey(), [AccessRights.Listen]), ct);
        var endpoint = options.PublicQueueEndpoint ?? $"amqps://{client.FullyQualifiedNamespace}";
        return new(endpoint, new QueueCredential(name, name, key), new QueueCredential(QueueNames.Events, NodeQueues.SendRule, (await EventsKeysAsync(ct)).Primary));
    }

    public async Task DeleteAsync(string nodeId, CancellationToken ct)
    {
        try
        {
            await ServiceBusErrors.MapAsync($"The queue of node '{nodeId}' was not deleted", () => administration.DeleteQueueAsync(QueueNames.OfNode(nodeId), ct));
        }
        catch (QueueException e) when (e.Error == QueueError.NotFound)
        {
            // That is what was asked for.
        }
    }

    public async Task<SendKeys> EventsKeysAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (Find(await EnsureAsync(new CreateQueueOptions(QueueNames.Events), ct)) is { } present)
            {
                return present;
            }

            // Another process may make it at the same time; what is stored counts.
            await WriteAsync(SendKeys.Create(), ct);
            return Find(await GetAsync(QueueNames.Events, ct)) ?? throw new QueueException(QueueError.Refused, $"The rule '{NodeQueues.SendRule}' of the queue '{QueueNames.Events}' could not be made.");
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task SetEventsKeysAsync(SendKeys keys, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            await WriteAsync(keys, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private static SendKeys? Find(QueueProperties queue) =>
        queue.AuthorizationRules.OfType<SharedAccessAuthorizationRule>().FirstOrDefault(r => r.KeyName == NodeQueues.SendRule) is { } rule ? new(rule.PrimaryKey, rule.SecondaryKey) : null;

    private async Task WriteAsync(SendKeys keys, CancellationToken ct) =>
        await SetRuleAsync(await EnsureAsync(new CreateQueueOptions(QueueNames.Events), ct), new SharedAccessAuthorizationRule(NodeQueues.SendRule, keys.Primary, keys.Secondary, [AccessRights.Send]), ct);

    /// <summary>Gives the queue the rule in the place of one of the same name.</summary>
    private async Task SetRuleAsync(QueueProperties queue, SharedAccessAuthorizationRule rule, CancellationToken ct)
    {
        foreach (var earlier in queue.AuthorizationRules.Where(r => r.KeyName == rule.KeyName).ToList())
        {
            queue.AuthorizationRules.Remove(earlier);
        }

        queue.AuthorizationRules.Add(rule);
        await ServiceBusErrors.MapAsync($"The rules of the queue '{queue.Name}' were not changed", () => administration.UpdateQueueAsync(queue, ct));
    }

    private async Task<QueueProperties> EnsureAsync(CreateQueueOptions queue, CancellationToken ct)
    {
        var exists = await ServiceBusErrors.MapAsync($"The queue '{queue.Name}' could not be looked for", async () => (await administration.QueueExistsAsync(queue.Name, ct)).Value);
        if (!exists)
        {
            try
            {
                return await ServiceBusErrors.MapAsync($"The queue '{queue.Name}' could not be made", async () => (await administration.CreateQueueAsync(queue, ct)).Value);
            }
            catch (QueueException e) when (e.InnerException is ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityAlreadyExists })
            {
                // Another process was faster.
            }
        }

        return await GetAsync(queue.Name, ct);
    }

    private Task<QueueProperties> GetAsync(string queue, CancellationToken ct) =>
        ServiceBusErrors.MapAsync($"The queue '{queue}' could not be read", async () => (await administration.GetQueueAsync(queue, ct)).Value);
}
