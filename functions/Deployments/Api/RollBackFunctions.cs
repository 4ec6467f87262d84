using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Nodes;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>
/// Body of <c>POST /api/projects/{id}/rollback</c>: <c>{"to": "previous"}</c>, <c>{"to": {"generation": 3}}</c>, <c>{"to": {"commit": "…"}}</c>,
/// <c>{"to": "other-slot"}</c> or <c>{"to": "backup"}</c>; with <c>"environment": "current"</c> the secret values of now, not those that the release had (<c>"kept"</c>, the default).
/// </summary>
internal sealed record RollBackRequest(JsonElement? To, string? Environment);

/// <summary>What a project can go back to, and going back.</summary>
internal sealed class RollBackFunctions(ProjectStore projects, ReleaseStore releases, NodeStore nodes, DeploymentStarter starter, TimeProvider time)
{
    [Function(nameof(ListReleases))]
    [RequireRole(Role.Viewer)]
    [Api("What each node can go back to", Answer = typeof(Page<ReleaseView>))]
    public async Task<IActionResult> ListReleases([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/releases")] HttpRequest request, string id, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is null)
        {
            return Answers.NotFound("project", id);
        }

        var items = new List<ReleaseView>();
        foreach (var onNode in (await releases.ListAsync(id, ct)).GroupBy(r => r.NodeId))
        {
            var serving = (await nodes.GetSignAsync(onNode.Key, ct))?.Serving.GetValueOrDefault(id);
            items.AddRange(onNode.Select(r => new ReleaseView(r.NodeId, r.ReleaseId, r.Generation, r.Commit, r.StorePath, r.ActivatedAt, serving?.Generation == r.Generation)));
        }

        return Paging.Answer(request, items, DeploymentApiJson.Default.PageReleaseView);
    }

    [Function(nameof(RollBack))]
    [RequireRole(Role.Deployer)]
    [Api("Goes back to an earlier release: previous, other-slot, backup, a generation or a commit", Body = typeof(RollBackRequest), Answer = typeof(DeploymentView), Status = 202)]
    public async Task<IActionResult> RollBack(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/projects/{id}/rollback")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken ct)
    {
        if (await projects.GetAsync(id, ct) is not { } project)
        {
            return Answers.NotFound("project", id);
        }

        var (body, problem) = await RequestBody.ReadJsonAsync(request, DeploymentApiJson.Default.RollBackRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        if (body.Environment is not (null or "kept" or "current"))
        {
            return Answers.Invalid([new("$.environment", """must be "kept" or "current".""")]);
        }

        var deployment = new DeploymentRequest { Id = DeploymentIds.OfRequest(request, id, time.GetUtcNow()), Trigger = DeploymentTrigger.Rollback, RequestedBy = Caller.Of(request.HttpContext).Name };
        if (await TargetAsync(project, body.To, ct) is { } target)
        {
            deployment = deployment with { RollBackTo = target with { RenewEnvironment = body.Environment == "current" } };
        }
        else if (CommitOf(body.To) is { } commit && CommitId.IsFull(commit))
        {
            // No node has it any more, or not every one: it is built again.
            deployment = deployment with { Trigger = DeploymentTrigger.Api, Commit = commit };
        }
        else
        {
            return Answers.Invalid([new("$.to", """must be "previous", "other-slot", "backup", {"generation": N} or {"commit": "…"}; GET …/releases lists what there is, and a full commit id is built again where it is gone.""")]);
        }

        var started = await starter.StartAsync(client, project, deployment, ct);
        return new JsonAnswer<DeploymentView>(DeploymentView.Of(started), DeploymentApiJson.Default.DeploymentView, 202) { Location = $"/api/deployments/{started.Id}" };
    }

    /// <summary>Null when there is no such thing, or not on every node of the project.</summary>
    private async Task<RollBackTarget?> TargetAsync(Project project, JsonElement? to, CancellationToken ct)
    {
        if (to is { ValueKind: JsonValueKind.String } text)
        {
            return text.GetString() switch
            {
                "previous" => new(null, null),
                "other-slot" => new(null, null) { OtherSlot = true },
                "backup" => new(null, null) { FromBackup = true },
                _ => null,
            };
        }

        if (to is { ValueKind: JsonValueKind.Object } target && target.TryGetProperty("generation", out var generation))
        {
            return generation.ValueKind == JsonValueKind.Number && generation.TryGetInt32(out var number) && number > 0 ? new(number, null) : null;
        }

        if (CommitOf(to) is not { Length: >= 7 } start)
        {
            return null;
        }

        var found = (await releases.ListAsync(project.Id, ct)).Where(r => r.Commit.StartsWith(start, StringComparison.Ordinal)).GroupBy(r => r.ReleaseId);
        return found.Where(r => project.Nodes.All(n => r.Any(on => on.NodeId == n))).OrderByDescending(r => r.Max(on => on.ActivatedAt)).Select(r => new RollBackTarget(null, r.Key)).FirstOrDefault();
    }

    private static string? CommitOf(JsonElement? to) =>
        to is { ValueKind: JsonValueKind.Object } target && target.TryGetProperty("commit", out var commit) && commit.ValueKind == JsonValueKind.String ? commit.GetString() : null;
}
