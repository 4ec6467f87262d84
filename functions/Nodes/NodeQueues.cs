using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Messaging;
using VpsPilot.Messaging.Administration;

namespace VpsPilot.Functions.Nodes;

/// <summary>
/// The queues of nodes on Service Bus or the embedded broker. Each node has a queue of its own with a rule of its own. To the one queue of
/// events all nodes send by one rule: Service Bus allows twelve rules on a queue, and who speaks is told by the signature, not by the rule.
/// </summary>
internal sealed class NodeQueues(QueueAdministration administration, QueueSender sender, QueueConnectionOptions connection, ControlPlaneOptions options) : INodeQueues, IDisposable
{
    /// <summary>The rule by which nodes send events.</summary>
    public const string SendRule = "agents";

    /// <summary>How long forged events are kept.</summary>
    public static readonly TimeSpan RefusedLifetime = TimeSpan.FromDays(7);

    private readonly SemaphoreSlim gate = new(1, 1);

    public async Task EnsureEventsAsync(CancellationToken ct)
    {
        await EventsKeysAsync(ct);
        if (!await administration.ExistsAsync(QueueNames.RefusedEvents, ct))
        {
            await administration.CreateOrUpdateAsync(new QueueDescription { Name = QueueNames.RefusedEvents, DefaultMessageTimeToLive = RefusedLifetime }, ct);
        }
    }

    public Task PutAsideAsync(ReadOnlyMemory<byte> message, string reason, string description, CancellationToken ct) =>
        sender.SendAsync(QueueNames.RefusedEvents, Refused(message, reason, description), ct);

    /// <summary>A forged event as it is kept.</summary>
    public static OutgoingMessage Refused(ReadOnlyMemory<byte> message, string reason, string description) => new()
    {
        MessageId = Guid.NewGuid().ToString("N"),
        Body = message,
        ApplicationProperties = new Dictionary<string, object>(StringComparer.Ordinal) { ["DeadLetterReason"] = reason, ["DeadLetterErrorDescription"] = description },
    };

    public async Task<NodeQueueCredentials> CreateAsync(string nodeId, CancellationToken ct)
    {
        var rule = QueueNames.OfNode(nodeId);
        var commands = new QueueCredential(rule, rule, SendKeys.NewKey());
        await administration.CreateOrUpdateAsync(new QueueDescription { Name = commands.Queue, AuthorizationRules = [Rule(commands, QueueRights.Listen)] }, ct);
        return new(options.PublicQueueEndpoint ?? connection.Endpoint.ToString().TrimEnd('/'), commands, new(QueueNames.Events, SendRule, (await EventsKeysAsync(ct)).Primary));
    }

    public Task DeleteAsync(string nodeId, CancellationToken ct) => administration.DeleteAsync(QueueNames.OfNode(nodeId), ct);

    public async Task<SendKeys> EventsKeysAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (await FindKeysAsync(ct) is { } present)
            {
                return present;
            }

            // Another process may make it at the same time; what is stored counts.
            await WriteKeysAsync(SendKeys.Create(), ct);
            return await FindKeysAsync(ct) ?? throw new QueueException(QueueError.Refused, $"The rule '{SendRule}' of the queue '{QueueNames.Events}' could not be made.");
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
            await WriteKeysAsync(keys, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<SendKeys?> FindKeysAsync(CancellationToken ct) =>
        (await administration.FindAsync(QueueNames.Events, ct))?.AuthorizationRules.FirstOrDefault(r => r.KeyName == SendRule) is { } rule ? new(rule.PrimaryKey, rule.SecondaryKey) : null;

    /// <summary>Other rules of the queue stay.</summary>
    private async Task WriteKeysAsync(SendKeys keys, CancellationToken ct)
    {
        var queue = await administration.FindAsync(QueueNames.Events, ct) ?? new QueueDescription { Name = QueueNames.Events };
        var rule = new QueueAuthorizationRule(SendRule, keys.Primary, keys.Secondary, QueueRights.Send);
        await administration.CreateOrUpdateAsync(queue with { AuthorizationRules = [.. queue.AuthorizationRules.Where(r => r.KeyName != SendRule), rule] }, ct);
    }

    private static QueueAuthorizationRule Rule(QueueCredential credential, QueueRights rights) => new(credential.KeyName, credential.Key, SendKeys.NewKey(), rights);
}
