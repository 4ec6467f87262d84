using System.Text.Json.Nodes;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>A canary that waits is let go on by a press of a button.</summary>
[Collection(PlaneCollection.Name)]
public sealed class ApprovalTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 120_000)]
    public async Task A_canary_that_waits_is_shown_and_approved()
    {
        await fixture.ProjectAsync("canary");
        var deployment = await fixture.Api.PostAsync("api/projects/canary/deployments", new JsonObject());
        var path = $"/api/deployments/{(string)deployment["id"]!}";
        var state = "waiting-for-approval";
        await using var window = await fixture.AdminAsync();
        await window.ChangeAsync("**" + path, d => (d["status"], d["finishedAt"], d["canary"]) = ("activating", null, new JsonObject { ["state"] = state, ["nodes"] = new JsonArray("canary-node") }));
        await window.Page.RouteAsync($"**{path}/approve", async route =>
        {
            state = "promoted";
            await route.FulfillAsync(new() { Status = 202, ContentType = "application/json", Body = "{}" });
        });
        await window.GoAsync($"/deployments/{(string)deployment["id"]!}", "main");
        await window.TextAsync("The canary on canary-node waits for an approval");
        await window.ShouldBeAccessibleAsync("a canary that waits");

        await window.ClickAsync("Approve");

        await window.TextAsync("The canary on canary-node was found good");
        (await window.Button("Approve").CountAsync()).ShouldBe(0);
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_viewer_sees_it_and_has_no_button()
    {
        await fixture.ProjectAsync("seen");
        var deployment = await fixture.Api.PostAsync("api/projects/seen/deployments", new JsonObject());
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        await window.ChangeAsync($"**/api/deployments/{(string)deployment["id"]!}", d => (d["status"], d["finishedAt"], d["canary"]) = ("activating", null, new JsonObject { ["state"] = "waiting-for-approval", ["nodes"] = new JsonArray("seen-node") }));
        await window.SignInAsync(await fixture.TokenAsync("watcher", "viewer"));

        await window.GoAsync($"/deployments/{(string)deployment["id"]!}", "main");

        await window.TextAsync("waits for an approval");
        (await window.Button("Approve").CountAsync()).ShouldBe(0);
        window.Complaints.ShouldBeEmpty();
    }
}
