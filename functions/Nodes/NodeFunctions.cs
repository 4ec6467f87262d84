using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Contracts;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Schedules;

namespace VpsPilot.Functions.Nodes;

/// <summary>Nodes over HTTP.</summary>
internal sealed class NodeFunctions(NodeStore nodes, ProjectStore projects, INodeQueues queues, DriftCheck drift, PublicAddress address, InstallCommand install, ControlPlaneOptions options, TimeProvider time)
{
    [Function(nameof(CreateNode))]
    [RequireRole(Role.Admin)]
    [Api("Makes a node; its enrolment token is only in this answer", Body = typeof(CreateNodeRequest), Answer = typeof(CreatedNode), Status = 201)]
    public async Task<IActionResult> CreateNode([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, NodesJson.Default.CreateNodeRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var errors = new List<Problem>();
        if (!Identifier.IsValid(body.Name))
        {
            errors.Add(new("$.name", Identifier.Rule));
        }

        if (body.Labels is { } given && (given.Count > 50 || given.Any(l => l.Key.Length is 0 or > 100 || l.Value is null or { Length: > 200 })))
        {
            errors.Add(new("$.labels", "must be at most 50 texts: names of 1 to 100 characters, values of at most 200."));
        }

        if (errors.Count > 0)
        {
            return Answers.Invalid(errors);
        }

        if (await nodes.CreateAsync(body.Name!, body.Labels ?? [], ct) is not { } created)
        {
            return Answers.Conflict("node-exists", $"There is a node '{body.Name}' already.");
        }

        AuditChange.Note(request, null, await ViewAsync(created.Node, ct), NodesJson.Default.NodeView);
        return await CreatedAsync(request, created, ct);
    }

    [Function(nameof(RenewEnrollment))]
    [RequireRole(Role.Admin)]
    [Api("A new enrolment token for a node", Answer = typeof(CreatedNode), Status = 201)]
    public async Task<IActionResult> RenewEnrollment([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/nodes/{id}/enrollment")] HttpRequest request, string id, CancellationToken ct) =>
        await nodes.RearmAsync(id, ct) is { } armed ? await CreatedAsync(request, armed, ct) : Answers.NotFound("node", id);

    [Function(nameof(ListNodes))]
    [RequireRole(Role.Viewer)]
    [Api("Nodes, with their state, facts, what serves on them, and drift", Answer = typeof(Page<NodeView>))]
    public async Task<IActionResult> ListNodes([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/nodes")] HttpRequest request, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        if (paging is null)
        {
            return Answers.Invalid(errors);
        }

        var page = await nodes.ListAsync(paging, ct);
        var views = new List<NodeView>();
        foreach (var node in page.Items)
        {
            views.Add(await ViewAsync(node.Value, ct));
        }

        return Answers.Ok(new Page<NodeView>(views, Paging.Cursor(page.Continuation)), NodesJson.Default.PageNodeView);
    }

    [Function(nameof(GetNode))]
    [RequireRole(Role.Viewer)]
    [Api("One node", Answer = typeof(NodeView))]
    public async Task<IActionResult> GetNode([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/nodes/{id}")] HttpRequest request, string id, CancellationToken ct) =>
        await nodes.GetAsync(id, ct) is { } node
            ? Answers.Ok(await ViewAsync(node, ct) with { Loads = (await nodes.GetSignAsync(id, ct))?.Loads ?? [] }, NodesJson.Default.NodeView)
            : Answers.NotFound("node", id);

    [Function(nameof(DeleteNode))]
    [RequireRole(Role.Admin)]
    [Api("Deletes a node and its queue")]
    public async Task<IActionResult> DeleteNode([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/nodes/{id}")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await nodes.GetAsync(id, ct) is not { } node)
        {
            return Answers.NotFound("node", id);
        }

        if (await projects.OnNodeAsync(id, ct) is { Count: > 0 } users)
        {
            return Answers.Conflict("node-in-use", "Projects deploy to this node.", $"Take it out of: {string.Join(", ", users)}.");
        }

        await queues.DeleteAsync(id, ct);
        await nodes.DeleteAsync(node, ct);
        AuditChange.Note(request, await ViewAsync(node, ct), null, NodesJson.Default.NodeView);
        return new StatusCodeResult(204);
    }

    private async Task<NodeView> ViewAsync(Node node, CancellationToken ct) =>
        NodeView.Of(node, await nodes.GetSignAsync(node.Id, ct), time.GetUtcNow(), options.OfflineAfter) with { Drift = await drift.OnNodeAsync(node.Id, ct) };

    private async Task<JsonAnswer<CreatedNode>> CreatedAsync(HttpRequest request, (Node Node, string Token) created, CancellationToken ct)
    {
        var command = await install.ForAsync(address.Of(request), created.Token, ct);
        var view = new CreatedNode(created.Node.Id, created.Node.Name, created.Token, created.Node.EnrollmentExpiresAt!.Value, command);
        return new(view, NodesJson.Default.CreatedNode, 201) { Location = $"/api/nodes/{view.Id}" };
    }
}
