using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Schedules;

/// <summary>Drift: over HTTP as it is now, and every five minutes for notices and the views of nodes.</summary>
internal sealed class DriftFunctions(ProjectStore projects, DriftReader reader, DriftCheck check)
{
    [Function(nameof(ListDrift))]
    [RequireRole(Role.Viewer)]
    [Api("Nodes that serve something else than was deployed", Answer = typeof(Page<Drift>))]
    public async Task<IActionResult> ListDrift([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/drift")] HttpRequest request, string id, CancellationToken ct) =>
        await projects.GetAsync(id, ct) is { } project ? Paging.Answer(request, await reader.ReadAsync(project, ct), SchedulesJson.Default.PageDrift) : Answers.NotFound("project", id);

    [Function(nameof(CheckDrift))]
    public Task CheckDrift([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken ct) => check.RunAsync(ct);
}
