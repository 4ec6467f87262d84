using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Nodes;

/// <summary>An agent brings its one-time token and its public keys, and gets all it needs from then on.</summary>
internal sealed class EnrollFunction(NodeStore nodes, INodeQueues queues, CommandSigningKey signingKey, Denials denials)
{
    [Function(nameof(EnrollAgent))]
    [OpenEndpoint]
    [Api("An agent enrols with its one-time token", Body = typeof(EnrollRequest), Answer = typeof(EnrollResponse))]
    public async Task<IActionResult> EnrollAgent([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "agent/enroll")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, ContractsJson.Default.EnrollRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = new List<Problem>();
        if (!IsKey(body.SigningKey, ECDsa.Create))
        {
            errors.Add(new("$.signingKey", "must be a P-256 public key (SubjectPublicKeyInfo, base64)."));
        }

        if (!IsKey(body.SealingKey, ECDiffieHellman.Create))
        {
            errors.Add(new("$.sealingKey", "must be a P-256 public key (SubjectPublicKeyInfo, base64)."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        if (await nodes.FindByEnrollmentAsync(body.Token, ct) is not { } node)
        {
            return await RefuseAsync(request);
        }

        // The token is used up before any credential exists: an enrolment that stops after this needs a new token, never two agents one node.
        if (await nodes.EnrollAsync(node, body, CancellationToken.None) is not { } agentToken)
        {
            return await RefuseAsync(request);
        }

        var credentials = await queues.CreateAsync(node.Id, CancellationToken.None);
        return Answers.Ok(new EnrollResponse
        {
            NodeId = node.Id,
            QueueEndpoint = credentials.Endpoint,
            Commands = credentials.Commands,
            Events = credentials.Events,
            CommandKey = signingKey.PublicKey,
            AgentToken = agentToken,
        }, ContractsJson.Default.EnrollResponse);
    }

    private Task<IActionResult> RefuseAsync(HttpRequest request) => denials.UnknownAsync(request, nameof(EnrollAgent), new ProblemDocument
    {
        Status = 401,
        Code = "enrollment-refused",
        Title = "The enrolment token is unknown, used or expired.",
        Detail = "Ask for a new one with POST /api/nodes/{id}/enrollment.",
    });

    private static bool IsKey(string text, Func<ECAlgorithm> create)
    {
        try
        {
            using var key = create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            return key.KeySize == 256;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
