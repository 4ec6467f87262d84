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

/// <summary>An agent brings its one-time token and its public keys, and gets all it needs from then on.</summary>
internal sealed class EnrollFunction(NodeStore nodes, INodeQueues queues, CommandSigningKey signingKey, TrustedAuthority authority, AuditLog audit, Denials denials)
{
    [Function(nameof(EnrollAgent))]
    [OpenEndpoint]
    [Api("An agent enrols with its one-time token", Body = typeof(EnrollRequest), Answer = typeof(EnrollResponse))]
    public async Task<IActionResult> EnrollAgent([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/agent/enroll")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, StrictContracts.Json.EnrollRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = new List<Problem>();
        if (!NodeKeys.IsSigningKey(body.SigningKey))
        {
            errors.Add(new("$.signingKey", "must be a P-256 public key (SubjectPublicKeyInfo, base64)."));
        }

        if (!NodeKeys.IsSealingKey(body.SealingKey))
        {
            errors.Add(new("$.sealingKey", "must be a P-256 public key (SubjectPublicKeyInfo, base64)."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        if (await nodes.FindByEnrollmentAsync(body.Token, ct) is not { } node)
        {
            return await RefuseAsync(request, body.Token);
        }

        // The token is used up before any credential exists: an enrolment that stops after this needs a new token, never two agents one node.
        var commandKey = await signingKey.PublicKeyAsync(ct);
        if (await nodes.EnrollAsync(node, body, commandKey, CancellationToken.None) is not { } agentToken)
        {
            return await RefuseAsync(request, body.Token);
        }

        var credentials = await queues.CreateAsync(node.Id, CancellationToken.None);
        await audit.WriteAsync(denials.Entry(request, nameof(EnrollAgent), null, 200) with { Who = "node " + node.Id, Detail = $"agent {body.AgentVersion[..Math.Min(40, body.AgentVersion.Length)]}" }, CancellationToken.None);
        return Answers.Ok(new EnrollResponse
        {
            NodeId = node.Id,
            QueueEndpoint = credentials.Endpoint,
            Commands = credentials.Commands,
            Events = credentials.Events,
            CommandKey = commandKey,
            CertificateAuthority = authority.Pem,
            AgentToken = agentToken,
        }, ContractsJson.Default.EnrollResponse);
    }

    private async Task<IActionResult> RefuseAsync(HttpRequest request, string token)
    {
        // Why is for the audit log alone: whoever tries tokens learns nothing.
        var (node, reason) = await nodes.WhyRefusedAsync(token, CancellationToken.None);
        return await denials.UnknownAsync(request, nameof(EnrollAgent), new ProblemDocument
        {
            Status = 401,
            Code = "enrollment-refused",
            Title = "The enrolment token is unknown, used or expired.",
            Detail = "Ask for a new one with POST /api/nodes/{id}/enrollment.",
        }, who: node is null ? null : "node " + node, detail: reason);
    }
}
