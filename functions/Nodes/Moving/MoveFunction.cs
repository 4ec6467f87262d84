using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Nodes.Moving;

/// <summary>Where nodes are to go: body of <c>POST /api/moves</c>, and what the answer to an import has as <c>move</c>.</summary>
/// <param name="Archive">Id of the archive that was imported there.</param>
/// <param name="Url">Base URL of the other control plane.</param>
/// <param name="CommandKey">The key that it signs commands with: SubjectPublicKeyInfo, base64.</param>
/// <param name="CertificateAuthority">The authority of its certificates (PEM); null for one that the world knows.</param>
/// <param name="Nodes">Which nodes; null for all.</param>
internal sealed record MoveTarget(string? Archive, string? Url, string? CommandKey, string? CertificateAuthority, IReadOnlyList<string>? Nodes);

/// <summary>Sends nodes to another control plane.</summary>
internal sealed class MoveFunction(NodeStore nodes, CommandSender sender, TimeProvider time)
{
    /// <summary>A node that is off for longer has to be asked again.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromDays(7);

    [Function(nameof(MoveNodes))]
    [RequireRole(Role.Admin)]
    [Api("Nodes go to another control plane, which has this one's archive", Body = typeof(MoveTarget), Answer = typeof(AskedNodes), Status = 202)]
    public async Task<IActionResult> MoveNodes([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/moves")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, NodesJson.Default.MoveTarget, ct);
        if (body is null)
        {
            return problem!;
        }

        var enrolled = await nodes.EnrolledAsync(ct);
        var mistakes = MistakesIn(body, [.. enrolled.Select(n => n.Id)]);
        if (mistakes.Count > 0)
        {
            return Answers.Invalid(mistakes);
        }

        var asked = new List<string>();
        foreach (var node in enrolled.Where(n => body.Nodes?.Contains(n.Id, StringComparer.Ordinal) != false))
        {
            if (await AskAsync(node.Id, body, ct))
            {
                asked.Add(node.Id);
            }
        }

        return Answers.Ok(new AskedNodes(asked), NodesJson.Default.AskedNodes, 202);
    }

    private async Task<bool> AskAsync(string id, MoveTarget target, CancellationToken ct)
    {
        var move = new NodeMove { CommandId = Moves.CommandOf(target.Archive!, id), Url = target.Url!, AskedAt = time.GetUtcNow() };
        if (await nodes.BeginMoveAsync(id, move, ct) is null)
        {
            return false;
        }

        try
        {
            var command = new MoveCommand { Url = target.Url!, CommandKey = target.CommandKey!, CertificateAuthority = target.CertificateAuthority };
            await sender.SendAsync(new CommandAddress(move.CommandId, id, null, null), command, Leave, ct);
            return true;
        }
        catch (QueueException)
        {
            // Its queue cannot be reached; it is not among those that were asked.
            return false;
        }
    }

    private static List<Problem> MistakesIn(MoveTarget target, IReadOnlyCollection<string> enrolled)
    {
        var mistakes = new List<Problem>();
        if (!Guid.TryParseExact(target.Archive, "N", out _))
        {
            mistakes.Add(new("$.archive", "must be the id that the answer to the import has."));
        }

        if (!Uri.TryCreate(target.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            mistakes.Add(new("$.url", "must be an http or https URL."));
        }

        if (target.CommandKey is null || !NodeKeys.IsSigningKey(target.CommandKey))
        {
            mistakes.Add(new("$.commandKey", "must be a P-256 public key (SubjectPublicKeyInfo, base64)."));
        }

        if (target.CertificateAuthority is { } pem && !IsCertificate(pem))
        {
            mistakes.Add(new("$.certificateAuthority", "must be a certificate (PEM)."));
        }

        mistakes.AddRange((target.Nodes ?? []).Except(enrolled, StringComparer.Ordinal).Select(n => new Problem("$.nodes", $"'{n}' is not a node that is enrolled.")));
        return mistakes;
    }

    private static bool IsCertificate(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
