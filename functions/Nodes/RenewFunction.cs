using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Nodes;

/// <summary>
/// An agent that was told to renew its keys brings new ones, signed with its present one, and gets new credentials, sealed to its new one. It may
/// come again while its leave holds: an agent that lost the answer still has a key that is known.
/// </summary>
internal sealed class RenewFunction(NodeStore nodes, INodeQueues queues, CommandSigningKey signingKey, TrustedAuthority authority, AuditLog audit, Denials denials, TimeProvider time)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    [Function(nameof(RenewAgent))]
    [OpenEndpoint]
    [Api("An agent renews its keys and credentials", Body = typeof(SignedMessage), Answer = typeof(SealedBox))]
    public async Task<IActionResult> RenewAgent([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agent/renew")] HttpRequest request, CancellationToken ct)
    {
        var (signed, problem) = await RequestBody.ReadJsonAsync(request, ContractsJson.Default.SignedMessage, ct);
        if (signed is not { Payload: not null, KeyId: { } id, Signature: not null })
        {
            return problem ?? Answers.Invalid([new("$", "must be a signed message.")]);
        }

        var node = await nodes.GetAsync(id, ct);
        var signer = new[] { node?.SigningKey, node?.EarlierSigningKey }.FirstOrDefault(k => k is not null && signed.IsSignedBy(k));
        if (node is null || signer is null)
        {
            return await RefuseAsync(request, id, "not signed by the node");
        }

        if (Read(signed.Payload) is not { } body || body.NodeId != id || !NodeKeys.IsSigningKey(body.SigningKey) || !NodeKeys.IsSealingKey(body.SealingKey))
        {
            return Answers.Invalid([new("$.payload", "must be a renewal of this node with two P-256 public keys.")]);
        }

        var now = time.GetUtcNow();
        if (node.Renewal is not { } leave || leave.CommandId != body.CommandId || leave.ExpiresAt <= now)
        {
            return await RefuseAsync(request, id, "nobody asked the node to renew its keys, or too long ago");
        }

        if ((body.IssuedAt - now).Duration() > ClockTolerance)
        {
            return await RefuseAsync(request, id, "the node's clock is off by more than ten minutes");
        }

        var commandKey = await signingKey.PublicKeyAsync(ct);
        if (await nodes.RenewAsync(node, body, signer, commandKey, CancellationToken.None) is not { } agentToken)
        {
            return await RefuseAsync(request, id, "the node was revoked meanwhile");
        }

        var credentials = await queues.CreateAsync(id, CancellationToken.None);
        await audit.WriteAsync(denials.Entry(request, nameof(RenewAgent), null, 200) with { Who = "node " + id, Detail = "keys and credentials renewed" }, CancellationToken.None);
        var answer = new EnrollResponse
        {
            NodeId = id,
            QueueEndpoint = credentials.Endpoint,
            Commands = credentials.Commands,
            Events = credentials.Events,
            CommandKey = commandKey,
            CertificateAuthority = authority.Pem,
            AgentToken = agentToken,
        };
        var box = SealedBox.Seal(body.SealingKey, JsonSerializer.SerializeToUtf8Bytes(answer, ContractsJson.Default.EnrollResponse), RenewRequest.ContextOf(body.CommandId));
        return Answers.Ok(box, ContractsJson.Default.SealedBox);
    }

    private static RenewRequest? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, ContractsJson.Default.RenewRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task<IActionResult> RefuseAsync(HttpRequest request, string id, string reason) => denials.UnknownAsync(request, nameof(RenewAgent), new ProblemDocument
    {
        Status = 401,
        Code = "renewal-refused",
        Title = "The keys of this node are not renewed.",
        Detail = $"The reason: {reason}.",
    }, who: "node " + id[..Math.Min(40, id.Length)], detail: reason);
}
