using System.Security.Cryptography;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Hosting;
using VpsPilot.Messaging;
using VpsPilot.Messaging.Administration;

namespace VpsPilot.Functions.Nodes;

/// <summary>The queues of nodes on Service Bus or the embedded broker.</summary>
internal sealed class NodeQueues(QueueAdministration administration, QueueConnectionOptions connection, ControlPlaneOptions options) : INodeQueues, IDisposable
{
    private const int MaxAttempts = 5;

    private readonly SemaphoreSlim gate = new(1, 1);

    public async Task EnsureEventsAsync(CancellationToken ct)
    {
        if (!await administration.ExistsAsync(QueueNames.Events, ct))
        {
            await administration.CreateOrUpdateAsync(new QueueDescription { Name = QueueNames.Events }, ct);
        }
    }

    public async Task<NodeQueueCredentials> CreateAsync(string nodeId, CancellationToken ct)
    {
        var rule = QueueNames.OfNode(nodeId);
        var commands = new QueueCredential(rule, rule, NewKey());
        var events = new QueueCredential(QueueNames.Events, rule, NewKey());
        await administration.CreateOrUpdateAsync(new QueueDescription { Name = commands.Queue, AuthorizationRules = [Rule(commands, QueueRights.Listen)] }, ct);
        await ChangeEventRulesAsync(rule, Rule(events, QueueRights.Send), ct);
        return new(options.PublicQueueEndpoint ?? connection.Endpoint.ToString().TrimEnd('/'), commands, events);
    }

    public async Task DeleteAsync(string nodeId, CancellationToken ct)
    {
        await ChangeEventRulesAsync(QueueNames.OfNode(nodeId), null, ct);
        await administration.DeleteAsync(QueueNames.OfNode(nodeId), ct);
    }

    public void Dispose() => gate.Dispose();

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static QueueAuthorizationRule Rule(QueueCredential credential, QueueRights rights) => new(credential.KeyName, credential.Key, NewKey(), rights);

    /// <summary>
    /// Puts, replaces or (null) removes one node's rule on the events queue. The management API replaces all rules at once and knows no
    /// etag, so the result is read back, and done again where another writer won.
    /// </summary>
    private async Task ChangeEventRulesAsync(string name, QueueAuthorizationRule? rule, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var queue = await administration.FindAsync(QueueNames.Events, ct) ?? new QueueDescription { Name = QueueNames.Events };
                var present = queue.AuthorizationRules.FirstOrDefault(r => r.KeyName == name);
                if (present?.PrimaryKey == rule?.PrimaryKey)
                {
                    return;
                }

                var others = queue.AuthorizationRules.Where(r => r.KeyName != name);
                await administration.CreateOrUpdateAsync(queue with { AuthorizationRules = rule is null ? [.. others] : [.. others, rule] }, ct);
            }

            throw new QueueException(QueueError.Refused, $"The rule '{name}' of the queue '{QueueNames.Events}' could not be changed.");
        }
        finally
        {
            gate.Release();
        }
    }
}
