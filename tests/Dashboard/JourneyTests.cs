using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>The main job, all of it in the browser: a server that nobody knows yet ends up serving, survives a bad commit, and goes back.</summary>
public sealed class JourneyTests(JourneyFixture fixture) : IClassFixture<JourneyFixture>
{
    [VpsFact(Timeout = 600_000)]
    public async Task An_owner_needs_nothing_but_the_dashboard()
    {
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        await window.SignInAsync(fixture.Plane.AdminToken);
        var journey = new Journey(fixture, window);
        await journey.AddNodeAsync();
        var app = await journey.CreateProjectAsync();
        await journey.SetSecretAsync();

        // A push goes live while one watches.
        await journey.PushAsync(app, "Version 1.0.0");
        await journey.EndAsync("succeeded");
        (await RunningApp.AskAsync(fixture.Vps, Journey.Project)).Version.ShouldBe("1.0.0");
        await window.PictureAsync("deployment");
        await SearchLogAsync(window);
        await window.ShouldBeAccessibleAsync("a deployment that succeeded");
        var first = await CommitAsync();

        await journey.ToProjectAsync();
        await app.EditAsync("package.json", "\"version\": \"1.0.0\"", "\"version\": \"1.1.0\"");
        await journey.PushAsync(app, "Version 1.1.0");
        await journey.EndAsync("succeeded");

        // A release that crashes is put back, and the page says why.
        await journey.ToProjectAsync();
        await app.EditAsync("server.js", "const port", "throw new Error('no database');\nconst port");
        await journey.PushAsync(app, "Crashes at start");
        await journey.EndAsync("rolled-back");
        await Assertions.Expect(window.Page.GetByLabel("Why it failed").First).ToContainTextAsync("no database");
        (await RunningApp.AskAsync(fixture.Vps, Journey.Project)).Version.ShouldBe("1.1.0");
        await window.PictureAsync("rolled-back");
        await window.ShouldBeAccessibleAsync("a deployment that was rolled back");

        // Back by hand.
        await journey.ToProjectAsync();
        await window.PictureAsync("project");
        await journey.RollBackAsync(first);
        await journey.EndAsync("succeeded");
        (await RunningApp.AskAsync(fixture.Vps, Journey.Project)).Version.ShouldBe("1.0.0");

        // A build that is stopped touches nothing.
        await journey.ToProjectAsync();
        await app.EditAsync("server.js", "throw new Error('no database');\n", "");
        await app.EditAsync("config.vpspilot.json", "\"npm ci\"", "\"npm ci\", \"sleep 300\"");
        await journey.PushAsync(app, "Builds for ever");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Rowheader, new() { Name = "compile" })).ToBeVisibleAsync();
        await journey.CancelAsync();
        await journey.EndAsync("canceled");
        (await RunningApp.AskAsync(fixture.Vps, Journey.Project)).Version.ShouldBe("1.0.0");

        await PagesAsync(window);
        await ViewerAsync();
        window.Complaints.ShouldBeEmpty();
    }

    private static async Task SearchLogAsync(DashboardWindow window)
    {
        var log = window.Page.GetByRole(AriaRole.Log);
        await Assertions.Expect(log).ToContainTextAsync("npm ci");
        await window.Page.GetByLabel("Search the log").FillAsync("NPM CI");
        await Assertions.Expect(log.Locator("mark").First).ToHaveTextAsync("npm ci");
        await window.Page.GetByLabel("Search the log").FillAsync("nowhere to be found");
        await window.TextAsync("no match");
        await window.Page.GetByLabel("Search the log").FillAsync("");
    }

    /// <summary>Every page with everything on it.</summary>
    private static async Task PagesAsync(DashboardWindow window)
    {
        await window.GoAsync("/nodes/" + Journey.Node, Journey.Node);
        await window.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("^Load between") }).WaitForAsync();
        await window.ClickAsync("Examine the node");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Region, new() { Name = "Doctor" })).ToContainTextAsync("disk", new() { Timeout = 60_000 });
        await window.ShouldBeAccessibleAsync("a node");
        foreach (var (path, heading, picture) in ((string, string, string?)[])
        [
            ("/", "Overview", "overview"), ("/projects/shop", "shop", null), ("/projects/shop/releases", "shop", null), ("/projects/shop/environment", "shop", "environment"),
            ("/projects/shop/webhook", "shop", null), ("/projects/shop/settings", "shop", null), ("/audit", "Audit", null), ("/tokens", "Tokens", null),
        ])
        {
            await window.GoAsync(path, heading);
            await window.ShouldBeAccessibleAsync(path);
            if (picture is not null)
            {
                await window.PictureAsync(picture);
            }
        }
    }

    /// <summary>Who may only look sees the same and has no button that changes anything.</summary>
    private async Task ViewerAsync()
    {
        var created = await fixture.Plane.Api.PostAsync("api/tokens", new System.Text.Json.Nodes.JsonObject { ["name"] = "looker", ["role"] = "viewer" });
        await using var viewer = await fixture.Browser.OpenAsync(fixture.Plane.Url, colours: ColorScheme.Dark);
        await viewer.SignInAsync((string)created["token"]!);
        foreach (var (path, heading) in ((string, string)[])[("/projects/shop", "shop"), ("/projects/shop/releases", "shop"), ("/nodes/" + Journey.Node, Journey.Node)])
        {
            await viewer.GoAsync(path, heading);
            (await viewer.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync()).ShouldBe(0, path);
        }

        await viewer.PictureAsync("node-dark");

        viewer.Complaints.ShouldBeEmpty();
    }

    private async Task<string> CommitAsync() => (string)(await fixture.Plane.Api.GetAsync($"api/projects/{Journey.Project}/deployments"))["items"]![0]!["commit"]!;
}
