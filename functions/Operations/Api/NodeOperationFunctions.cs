using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Operations.Api;

/// <summary>Body of <c>POST /api/nodes/{id}/update</c>.</summary>
/// <param name="Version">The version of the binary that is offered; default the control plane's own.</param>
internal sealed record UpdateRequest(string? Version);

/// <summary>Operations on a node: doctor, collect, update. Each answers 202 with the operation.</summary>
internal sealed class NodeOperationFunctions(NodeStore nodes, AgentPackages packages, OperationApi api)
{
    [Function(nameof(DoctorNode))]
    [RequireRole(Role.Deployer)]
    [Api("Examines a node", Answer = typeof(OperationView), Status = 202)]
    public Task<IActionResult> DoctorNode(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes/{id}/doctor")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct) =>
        StartAsync(request, client, OperationKind.Doctor, id, ct);

    [Function(nameof(CollectNode))]
    [RequireRole(Role.Admin)]
    [Api("Frees disk space on a node", Answer = typeof(OperationView), Status = 202)]
    public Task<IActionResult> CollectNode(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes/{id}/collect")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct) =>
        StartAsync(request, client, OperationKind.Collect, id, ct);

    [Function(nameof(UpdateNode))]
    [RequireRole(Role.Admin)]
    [Api("Updates the agent of a node", Body = typeof(UpdateRequest), Answer = typeof(OperationView), Status = 202)]
    public async Task<IActionResult> UpdateNode(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes/{id}/update")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        var (node, problem) = await FindAsync(id, ct);
        if (node is null)
        {
            return problem!;
        }

        var (body, wrong) = await RequestBody.ReadJsonAsync(request, OperationsJson.Default.UpdateRequest, ct);
        if (body is null)
        {
            return wrong!;
        }

        // The system is what the node said of itself; without a word of it, the most common one.
        var rid = (await nodes.GetSignAsync(id, ct))?.Facts.System == "aarch64-linux" ? "linux-arm64" : "linux-x64";
        if (packages.Find(rid) is not { } file)
        {
            return Answers.Conflict("agent-binary-not-found", $"There is no agent binary for '{rid}'.", "Set AgentPackages:Directory to a folder that has one.");
        }

        var arguments = new OperationArguments { Path = $"/api/agent/binary/{rid}", Sha256 = await AgentPackages.HashAsync(file, ct), Version = body.Version ?? ControlPlaneVersion.Current };
        return await api.AcceptAsync(request, client, OperationKind.Update, null, [id], arguments, ct);
    }

    private async Task<IActionResult> StartAsync(HttpRequest request, DurableTaskClient client, OperationKind kind, string id, CancellationToken ct)
    {
        var (node, problem) = await FindAsync(id, ct);
        return node is null ? problem! : await api.AcceptAsync(request, client, kind, null, [id], new(), ct);
    }

    private async Task<(Node? Node, IActionResult? Problem)> FindAsync(string id, CancellationToken ct) => await nodes.GetAsync(id, ct) switch
    {
        null => (null, Answers.NotFound("node", id)),
        { EnrolledAt: null } => (null, Answers.Conflict("node-not-enrolled", "The node has not been enrolled yet.", "Run the install command on it; POST /api/nodes/{id}/enrollment gives a new one.")),
        var node => (node, null),
    };
}
