using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Nodes.EventsKeys;

namespace VpsPilot.Functions.Nodes;

/// <summary>The queues of nodes, and the rules that say who may use them.</summary>
internal interface INodeQueues
{
    /// <summary>Makes the queue that all agents report to, with the rule by which they send, and the one for forged reports, where there are none yet.</summary>
    Task EnsureEventsAsync(CancellationToken ct);

    /// <summary>The keys of the rule by which nodes send events; queue and rule are made where there are none yet.</summary>
    Task<SendKeys> EventsKeysAsync(CancellationToken ct);

    /// <summary>Gives the rule other keys. Whoever shows an earlier one is refused from then on; links that it opened end soon.</summary>
    Task SetEventsKeysAsync(SendKeys keys, CancellationToken ct);

    /// <summary>Makes the node's own queue and gives it new credentials to listen there; earlier ones stop working.</summary>
    Task<NodeQueueCredentials> CreateAsync(string nodeId, CancellationToken ct);

    /// <summary>Keeps a forged event for a week, with the reason as dead letters have it.</summary>
    Task PutAsideAsync(ReadOnlyMemory<byte> message, string reason, string description, CancellationToken ct);

    /// <summary>Deletes the node's queue and with it its credentials to listen. Its events are refused from then on, since nobody knows its key. Nothing there is no error.</summary>
    Task DeleteAsync(string nodeId, CancellationToken ct);
}

/// <summary>What a node needs to reach its queues.</summary>
/// <param name="Endpoint"><c>amqp://</c> or <c>amqps://</c> with host and port.</param>
/// <param name="Commands">Listen on its own queue.</param>
/// <param name="Events">Send to the events queue.</param>
internal sealed record NodeQueueCredentials(string Endpoint, QueueCredential Commands, QueueCredential Events);
