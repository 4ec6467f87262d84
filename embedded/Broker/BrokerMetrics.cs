using System.Diagnostics.Metrics;
using VpsPilot.Embedded.Broker.Queues;

namespace VpsPilot.Embedded.Broker;

/// <summary>
/// How many messages each queue holds, by state, read when somebody collects. OpenTelemetry's conventions for messaging have no such
/// instrument of a broker; <c>messaging.destination.name</c> is theirs.
/// </summary>
internal sealed class BrokerMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "VpsPilot.Embedded.Broker";

    private readonly Meter meter = new(Name);
    private readonly QueueCatalog queues;

    public BrokerMetrics(QueueCatalog queues)
    {
        this.queues = queues;
        meter.CreateObservableUpDownCounter("broker.queue.messages", Depths, "{message}", "Messages in a queue, each in one state.");
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<long>> Depths()
    {
        foreach (var queue in queues.All)
        {
            var (held, dead, scheduled) = queue.Counts;
            var locked = Math.Min(held, queue.Active.Locked);
            yield return Depth(queue, "active", held - locked);
            yield return Depth(queue, "locked", locked);
            yield return Depth(queue, "scheduled", scheduled);
            yield return Depth(queue, "dead_lettered", dead);
        }
    }

    private static Measurement<long> Depth(QueueEntity queue, string state, long messages) =>
        new(messages, new KeyValuePair<string, object?>("messaging.destination.name", queue.Name), new("broker.message.state", state));
}
