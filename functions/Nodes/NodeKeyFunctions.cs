using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Nodes;

/// <summary>Answer where nodes were asked to renew their keys; each shows <c>renewedAt</c> when it has.</summary>
/// <param name="Nodes">Ids of the nodes that were asked.</param>
internal sealed record AskedNodes(IReadOnlyList<string> Nodes);

/// <summary>Renews and withdraws what nodes and the control plane know each other by.</summary>
internal sealed class NodeKeyFunctions(NodeStore nodes, INodeQueues queues, CommandSender sender, CommandSigningKey signingKey, TimeProvider time)
{
    /// <summary>A node that is off for longer has to be asked again.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromDays(7);

    /// <summary>New key pairs, queue credentials and agent token for one node.</summary>
    [Function(nameof(RotateNodeKeys))]
    [RequireRole(Role.Admin)]
    [Api("A node makes new keys and gets new credentials", Answer = typeof(AskedNodes), Status = 202)]
    public async Task<IActionResult> RotateNodeKeys([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes/{id}/rotate")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await nodes.GetAsync(id, ct) is null)
        {
            return Answers.NotFound("node", id);
        }

        return await AskAsync(id, ct)
            ? Answers.Ok(new AskedNodes([id]), NodesJson.Default.AskedNodes, 202)
            : Answers.Conflict("node-not-enrolled", $"The node '{id}' is not enrolled.");
    }

    /// <summary>A new key that commands are signed with. Each node gets commands under the one it has until it has renewed its keys.</summary>
    [Function(nameof(RotateCommandKey))]
    [RequireRole(Role.Admin)]
    [Api("A new key that commands are signed with", Answer = typeof(AskedNodes), Status = 202)]
    public async Task<IActionResult> RotateCommandKey([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys/commands/rotate")] HttpRequest request, CancellationToken ct)
    {
        var enrolled = await nodes.EnrolledAsync(ct);
        await signingKey.RotateAsync([.. enrolled.Select(n => n.CommandKey).OfType<string>()], ct);
        var asked = new List<string>();
        foreach (var node in enrolled)
        {
            if (await AskAsync(node.Id, ct))
            {
                asked.Add(node.Id);
            }
        }

        return Answers.Ok(new AskedNodes(asked), NodesJson.Default.AskedNodes, 202);
    }

    /// <summary>Shuts a node out at once: its queue, its credentials, its token and its signature are worth nothing. It can be enrolled again.</summary>
    [Function(nameof(RevokeNode))]
    [RequireRole(Role.Admin)]
    [Api("Shuts a node out")]
    public async Task<IActionResult> RevokeNode([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes/{id}/revoke")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await nodes.RevokeAsync(id, ct) is null)
        {
            return Answers.NotFound("node", id);
        }

        await queues.DeleteAsync(id, CancellationToken.None);
        return new StatusCodeResult(204);
    }

    private async Task<bool> AskAsync(string id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var renewal = new Renewal($"keys.{Guid.CreateVersion7(now):N}.{id}", now + Leave);
        if (await nodes.AllowRenewalAsync(id, renewal, ct) is null)
        {
            return false;
        }

        try
        {
            await sender.SendAsync(new CommandAddress(renewal.CommandId, id, null, null), new RotateKeysCommand(), Leave, ct);
            return true;
        }
        catch (QueueException)
        {
            // Its queue cannot be reached; it is not among those that were asked.
            return false;
        }
    }
}
