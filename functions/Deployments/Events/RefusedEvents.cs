using System.Text;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>
/// Puts forged events aside in a queue of their own, for a week, with the reason in the properties of a dead letter; and writes them to the audit
/// log. Of more than a bounded number a minute only the log tells, so that a flood fills nothing.
/// </summary>
internal sealed class RefusedEvents(INodeQueues queues, AuditLog audit, TimeProvider time, ILogger<RefusedEvents> logger)
{
    private const int MostPerMinute = 60;

    private readonly Lock gate = new();
    private DateTimeOffset minute;
    private int count;

    public async Task PutAsideAsync(string message, string node, string reason, string description, CancellationToken ct)
    {
        var named = new string([.. node.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
        logger.EventDropped(named, description);
        if (!MayKeep())
        {
            return;
        }

        await queues.PutAsideAsync(Encoding.UTF8.GetBytes(message), reason, description, ct);
        await audit.WriteAsync(new AuditEntry { Who = "node " + named, What = "AgentEvents", Method = "EVENT", Path = QueueNames.Events, Status = 401, Detail = $"{reason}: {description}" }, ct);
    }

    private bool MayKeep()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (now - minute > TimeSpan.FromMinutes(1))
            {
                (minute, count) = (now, 0);
            }

            return count++ < MostPerMinute;
        }
    }
}
