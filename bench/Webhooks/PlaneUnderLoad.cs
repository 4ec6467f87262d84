using System.Diagnostics;
using System.Text.Json.Nodes;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Webhooks;

/// <summary>The real control plane in its own process, with one project.</summary>
internal sealed class PlaneUnderLoad : IAsyncDisposable
{
    private const string Project = "bench";

    private readonly string folder;
    private readonly ControlPlane plane;

    private PlaneUnderLoad(string folder, ControlPlane plane, JsonNode project)
    {
        this.folder = folder;
        this.plane = plane;
        WebhookUrl = new Uri((string)project["webhookUrl"]!);
        Secret = (string)project["webhookSecret"]!;
    }

    public Uri WebhookUrl { get; }

    public string Secret { get; }

    public static async Task<PlaneUnderLoad> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("vpspilot-bench-").FullName;
        var started = await ControlPlane.StartAsync(ControlPlaneOptions.OnFreePorts(Path.GetFullPath("artifacts/functions"), data));
        await started.Api.PostAsync("api/nodes", new JsonObject { ["name"] = "nobody" });
        var project = await started.Api.PostAsync("api/projects", new JsonObject
        {
            ["id"] = Project,
            ["repository"] = "https://example.com/bench/app.git",
            ["nodes"] = new JsonArray("nobody"),
        });
        return new PlaneUnderLoad(data, started, project);
    }

    public double ResidentMegabytes()
    {
        using var process = Process.GetProcessById(plane.ProcessId);
        return process.WorkingSet64 / 1024.0 / 1024.0;
    }

    /// <summary>The figures count only when the deliveries are there: each has its one deployment, however often it came.</summary>
    public async Task ShouldHaveStoredAsync(int deliveries)
    {
        var stored = 0;
        for (var next = ""; next is not null;)
        {
            var page = await plane.Api.GetAsync($"api/projects/{Project}/deployments?limit=100{(next.Length > 0 ? "&cursor=" + Uri.EscapeDataString(next) : "")}");
            stored += page["items"]!.AsArray().Count;
            next = (string?)page["nextCursor"];
        }

        if (stored != deliveries)
        {
            throw new InvalidOperationException($"{deliveries} different deliveries were answered; {stored} deployments are stored.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await plane.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
