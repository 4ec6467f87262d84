using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Alerts over HTTP.</summary>
internal sealed class AlertFunctions(AlertStore alerts)
{
    [Function(nameof(ListAlerts))]
    [RequireRole(Role.Viewer)]
    [Api("What nodes reported for a person, newest first", Answer = typeof(Page<AlertRow>))]
    public async Task<IActionResult> ListAlerts([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/alerts")] HttpRequest request, CancellationToken ct)
    {
        var (paging, errors) = Paging.Of(request);
        return paging is null ? Answers.Invalid(errors) : Answers.Ok(await alerts.ListAsync(paging, ct), DeploymentApiJson.Default.PageAlertRow);
    }
}
