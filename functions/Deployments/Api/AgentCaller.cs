using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Tells which node calls, by the token of its agent.</summary>
internal sealed class AgentCaller(NodeStore nodes, Denials denials)
{
    /// <summary>The node, or the answer to a caller that is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="what">Name of the function, for the audit log.</param>
    /// <param name="ct">Cancels the look-up.</param>
    public async Task<(Node? Node, IActionResult? Refusal)> OfAsync(HttpRequest request, string what, CancellationToken ct)
    {
        var node = Bearer.Of(request) is { } token && token.StartsWith(Tokens.Agent, StringComparison.Ordinal) ? await nodes.FindByAgentTokenAsync(token, ct) : null;
        return node is not null
            ? (node, null)
            : (null, await denials.UnknownAsync(request, what, new ProblemDocument { Status = 401, Code = "unauthorized", Title = "A valid agent token is required." }));
    }
}
