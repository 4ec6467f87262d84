using System.Text.Json.Nodes;
using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>What is done every day is done with the keyboard alone.</summary>
[Collection(PlaneCollection.Name)]
public sealed class KeyboardTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 120_000)]
    public async Task A_deployment_is_started_and_canceled()
    {
        await fixture.ProjectAsync("keys");
        await using var window = await fixture.AdminAsync();
        var status = "building";
        await window.ChangeAsync("**/api/deployments/*", d => (d["status"], d["finishedAt"]) = (status, null));
        await window.Page.RouteAsync("**/cancel", async route =>
        {
            status = "canceled";
            await route.FulfillAsync(new() { Status = 202, ContentType = "application/json", Body = "{}" });
        });
        await window.GoAsync("/projects/keys", "keys");

        await window.TabToAsync(window.Button("Deploy main"));
        await window.Page.Keyboard.PressAsync("Enter");
        await window.HeadingAsync("main");
        await window.TabToAsync(window.Button("Cancel deployment"));
        await window.Page.Keyboard.PressAsync("Enter");
        var dialog = window.Page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("Enter");
        await window.TabToAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel deployment" }));
        await window.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(window.Page.Locator(".head [role=status]").First).ToContainTextAsync("canceled");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_release_is_gone_back_to()
    {
        await fixture.ProjectAsync("keysback");
        await using var window = await fixture.AdminAsync();
        await window.ChangeAsync("**/api/projects/keysback/releases*", page => page["items"] = new JsonArray(Release(isServing: true), Release(isServing: false)));
        var asked = new TaskCompletionSource<string>();
        await window.Page.RouteAsync("**/api/projects/keysback/rollback", async route =>
        {
            asked.SetResult(route.Request.PostData!);
            await route.AbortAsync();
        });
        window.Tolerated.Add("net::ERR_FAILED");
        await window.GoAsync("/projects/keysback/releases", "keysback");

        await window.TabToAsync(window.Button("Roll back"));
        await window.Page.Keyboard.PressAsync("Enter");
        await window.TabToAsync(window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }));
        await window.Page.Keyboard.PressAsync("Enter");

        (await asked.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe($$$"""{"to":{"commit":"{{{new string('b', 40)}}}"}}""");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_log_is_searched()
    {
        await fixture.ProjectAsync("keyslog");
        var deployment = await fixture.Api.PostAsync("api/projects/keyslog/deployments", new JsonObject());
        await using var window = await fixture.AdminAsync();
        await window.Page.RouteAsync("**/log?node=*", route => route.FulfillAsync(new() { ContentType = "text/plain", Body = "an error\nfine\nanother Error\n" }));
        await window.ChangeAsync($"**/api/deployments/{(string)deployment["id"]!}", d => (d["status"], d["finishedAt"]) = ("failed", "2026-01-01T00:00:00Z"));
        await window.GoAsync($"/deployments/{(string)deployment["id"]!}", "main");

        await window.TabToAsync(window.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Search the log" }));
        await window.Page.Keyboard.TypeAsync("error");
        await window.TextAsync("1 of 2");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.TextAsync("2 of 2");
        (await window.Page.Locator(".line.current").TextContentAsync()).ShouldBe("another Error");
        await window.Page.Keyboard.PressAsync("Shift+Enter");

        await window.TextAsync("1 of 2");
        window.Complaints.ShouldBeEmpty();
    }

    private static JsonObject Release(bool isServing) => new()
    {
        ["nodeId"] = "keysback-node",
        ["releaseId"] = isServing ? "new" : "old",
        ["generation"] = isServing ? 2 : 1,
        ["commit"] = new string(isServing ? 'a' : 'b', 40),
        ["storePath"] = "/nix/store/x",
        ["activatedAt"] = isServing ? "2026-01-02T00:00:00Z" : "2026-01-01T00:00:00Z",
        ["isServing"] = isServing,
    };
}
