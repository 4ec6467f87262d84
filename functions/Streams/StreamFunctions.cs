using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Streams;

/// <summary>Server-sent events over HTTP.</summary>
internal sealed class StreamFunctions(OverviewStream overview, DeploymentStream progress, DeploymentStore deployments, StreamLife life)
{
    [Function(nameof(StreamEvents))]
    [RequireRole(Role.Viewer)]
    [Api("All changes as server-sent events", Media = "text/event-stream", Query = ["project"])]
    public IActionResult StreamEvents([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/events")] HttpRequest request)
    {
        var scope = Caller.Of(request.HttpContext).Projects;
        var project = request.Query["project"] is [{ Length: > 0 } id] ? id : null;
        return new StreamAnswer(life, (response, ct) => overview.WriteAsync(response, LastId(request), IsWanted, ct));

        bool IsWanted(Change change) => (scope is null || (change.ProjectId is { } p && scope.Contains(p, StringComparer.Ordinal))) && (project is null || change.ProjectId == project);
    }

    [Function(nameof(StreamDeployment))]
    [RequireRole(Role.Viewer)]
    [Api("Progress of a deployment as server-sent events", Media = "text/event-stream")]
    public async Task<IActionResult> StreamDeployment([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/deployments/{id}/events")] HttpRequest request, string id, CancellationToken ct) =>
        await deployments.GetAsync(id, ct) is null
            ? Answers.NotFound("deployment", id)
            : new StreamAnswer(life, (response, end) => progress.WriteAsync(response, id, LastId(request), end));

    private static string? LastId(HttpRequest request) => request.Headers["Last-Event-ID"] is [{ Length: > 0 and <= 100 } id] ? id : null;
}
