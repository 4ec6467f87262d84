using VpsPilot.Functions.Nodes;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Commands;

/// <summary>Where commands for nodes go.</summary>
internal interface ICommandQueue
{
    /// <summary>Returns when the message is durable in the node's queue.</summary>
    /// <exception cref="QueueException">It could not be sent.</exception>
    Task SendAsync(string nodeId, OutgoingMessage message, CancellationToken ct);
}

/// <summary>The nodes' queues over AMQP.</summary>
internal sealed class CommandQueue(QueueSender sender) : ICommandQueue
{
    public Task SendAsync(string nodeId, OutgoingMessage message, CancellationToken ct) => sender.SendAsync(QueueNames.OfNode(nodeId), message, ct);
}
