using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Dashboard;

/// <summary>Serves the dashboard wherever nothing else is: its files, and its page at every address that a browser opens.</summary>
internal sealed class DashboardFunction(DashboardFiles files)
{
    /// <summary>Everything that no other route takes.</summary>
    public const string Route = "{*path}";

    [Function(nameof(GetDashboard))]
    [OpenEndpoint]
    public IActionResult GetDashboard([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Route)] HttpRequest request)
    {
        var address = request.Path.Value ?? "/";
        return files.Find(address) is { } file ? new DashboardAnswer(file)
            : !IsPage(request, address) ? Answers.Problem(404, "not-found", "There is nothing at this address.")
            : files.Find(DashboardFiles.Index) is { } index ? new DashboardAnswer(index)
            : Answers.Problem(404, "dashboard-not-built", "This control plane has no dashboard.", "Dashboard:Directory is a folder without index.html; 'make build' builds the dashboard.");
    }

    /// <summary>The dashboard finds its way by itself; a program that errs in an address is told so.</summary>
    private static bool IsPage(HttpRequest request, string address) =>
        address == "/" || (!request.Path.StartsWithSegments("/api") && !address.Contains('.') && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));
}
