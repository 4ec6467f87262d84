using System.Text.Json.Nodes;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Dashboard.Tests.Stack;

/// <summary>A control plane without nodes, as its own process, and a browser.</summary>
public sealed class PlaneFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("vpspilot-dashboard-").FullName;
    private ControlPlane? plane;
    private Chromium? browser;

    internal ControlPlane Plane => plane!;

    internal Chromium Browser => browser!;

    internal ApiClient Api => Plane.Api;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium.Path))
        {
            return; // Every test is a BrowserFact and is skipped by name.
        }

        plane = await ControlPlane.StartAsync(ControlPlaneOptions.OnFreePorts(Repository.Functions, Path.Combine(folder, "data")));
        browser = await Chromium.StartAsync();
    }

    /// <summary>A window that is signed in as the first admin.</summary>
    internal async Task<DashboardWindow> AdminAsync()
    {
        var window = await Browser.OpenAsync(Plane.Url);
        await window.SignInAsync(Plane.AdminToken);
        return window;
    }

    /// <summary>The text of a new token.</summary>
    internal async Task<string> TokenAsync(string name, string role, params string[] projects)
    {
        var request = new JsonObject { ["name"] = name, ["role"] = role };
        if (projects.Length > 0)
        {
            request["projects"] = new JsonArray([.. projects.Select(p => (JsonNode)p)]);
        }

        return (string)(await Api.PostAsync("api/tokens", request))["token"]!;
    }

    /// <summary>A project on a node that is never there.</summary>
    internal async Task<JsonNode> ProjectAsync(string id)
    {
        await Api.PostAsync("api/nodes", new JsonObject { ["name"] = id + "-node" });
        return await Api.PostAsync("api/projects", new JsonObject { ["id"] = id, ["repository"] = "https://example.com/shop/app.git", ["nodes"] = new JsonArray(id + "-node") });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        if (plane is not null)
        {
            await plane.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One control plane and one browser for all tests that need no node.</summary>
[CollectionDefinition(Name)]
public sealed class PlaneCollection : ICollectionFixture<PlaneFixture>
{
    public const string Name = "plane";
}
