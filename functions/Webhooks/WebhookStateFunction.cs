using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Webhooks;

/// <summary>How a project's webhook is to be set up, and whether it works.</summary>
/// <param name="Url">Where deliveries go.</param>
/// <param name="Provider">Whose deliveries they are.</param>
/// <param name="LastDelivery">Null until the first genuine one.</param>
internal sealed record WebhookView(string Url, string Provider, LastDelivery? LastDelivery);

/// <summary>A project's webhook over HTTP.</summary>
internal sealed class WebhookStateFunction(ProjectStore projects, LastDeliveries deliveries, PublicAddress address)
{
    [Function(nameof(GetWebhook))]
    [RequireRole(Role.Viewer)]
    [Api("A project's webhook, and its last genuine delivery", Answer = typeof(WebhookView))]
    public async Task<IActionResult> GetWebhook([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/projects/{id}/webhook")] HttpRequest request, string id, CancellationToken ct) =>
        await projects.GetAsync(id, ct) is { } project
            ? Answers.Ok(new WebhookView(ProjectView.Of(project, address.Of(request)).WebhookUrl, project.Provider, await deliveries.OfAsync(id, ct)), WebhooksJson.Default.WebhookView)
            : Answers.NotFound("project", id);
}
