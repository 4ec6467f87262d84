using System.Security.Cryptography;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Hosting;
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
        await SendRuleAsync(ct);
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
        var commands = new QueueCredential(rule, rule, NewKey());
        await administration.CreateOrUpdateAsync(new QueueDescription { Name = commands.Queue, AuthorizationRules = [Rule(commands, QueueRights.Listen)] }, ct);
        return new(options.PublicQueueEndpoint ?? connection.Endpoint.ToString().TrimEnd('/'), commands, new(QueueNames.Events, SendRule, await SendRuleAsync(ct)));
    }

    public Task DeleteAsync(string nodeId, CancellationToken ct) => administration.DeleteAsync(QueueNames.OfNode(nodeId), ct);

    public void Dispose() => gate.Dispose();

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static QueueAuthorizationRule Rule(QueueCredential credential, QueueRights rights) => new(credential.KeyName, credential.Key, NewKey(), rights);

    /// <summary>The key of the rule; queue and rule are made when they are not there.</summary>
    private async Task<string> SendRuleAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var queue = await administration.FindAsync(QueueNames.Events, ct) ?? new QueueDescription { Name = QueueNames.Events };
            if (queue.AuthorizationRules.FirstOrDefault(r => r.KeyName == SendRule) is { } present)
            {
                return present.PrimaryKey;
            }

            var rule = Rule(new(QueueNames.Events, SendRule, NewKey()), QueueRights.Send);
            await administration.CreateOrUpdateAsync(queue with { AuthorizationRules = [.. queue.AuthorizationRules, rule] }, ct);

            // Another process may have made it at the same time; what is stored counts.
            return (await administration.FindAsync(QueueNames.Events, ct))?.AuthorizationRules.FirstOrDefault(r => r.KeyName == SendRule)?.PrimaryKey
                ?? throw new QueueException(QueueError.Refused, $"The rule '{SendRule}' of the queue '{QueueNames.Events}' could not be made.");
        }
        finally
        {
            gate.Release();
        }
    }
}
