using System.Diagnostics;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Nodes;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Commands;

/// <summary>Which command, for whom, about what.</summary>
/// <param name="CommandId">Its id, see <see cref="CommandIds"/>.</param>
/// <param name="NodeId">The node.</param>
/// <param name="ProjectId">The project; null for a command about the node.</param>
/// <param name="DeploymentId">The deployment, or the operation; null for neither.</param>
internal sealed record CommandAddress(string CommandId, string NodeId, string? ProjectId, string? DeploymentId);

/// <summary>Puts signed commands on the queues of nodes. Sending the same command id twice is harmless.</summary>
internal sealed class CommandSender(CommandSigningKey key, NodeStore nodes, ICommandQueue queue, TimeProvider time)
{
    /// <exception cref="QueueException">It could not be sent.</exception>
    public async Task SendAsync(CommandAddress to, Command body, TimeSpan validFor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var envelope = new CommandEnvelope
        {
            CommandId = to.CommandId,
            NodeId = to.NodeId,
            ProjectId = to.ProjectId,
            DeploymentId = to.DeploymentId,
            IssuedAt = now,
            ExpiresAt = now + validFor,
            TraceParent = Activity.Current?.Id,
            Body = body,
        };
        var pinned = (await nodes.GetAsync(to.NodeId, ct))?.CommandKey;
        var signed = await key.SignAsync(JsonSerializer.Serialize(envelope, ContractsJson.Default.CommandEnvelope), pinned, ct);
        var message = new OutgoingMessage
        {
            MessageId = to.CommandId,
            Body = signed.ToBytes(),
            ContentType = "application/json",
            CorrelationId = to.DeploymentId,
            ApplicationProperties = envelope.TraceParent is { } trace ? new Dictionary<string, object>(StringComparer.Ordinal) { ["traceparent"] = trace } : [],
        };
        await queue.SendAsync(to.NodeId, message, ct);
    }
}
