using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>Every page is accessible and fits a narrow window, also when there is nothing to show.</summary>
[Collection(PlaneCollection.Name)]
public sealed class PagesTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 180_000)]
    public async Task Every_page_without_content_is_accessible()
    {
        await fixture.ProjectAsync("plain");
        await using var window = await fixture.AdminAsync();
        foreach (var (path, heading) in ((string, string)[])
        [
            ("/", "Overview"), ("/projects/new", "New project"), ("/projects/plain", "plain"), ("/projects/plain/releases", "plain"), ("/projects/plain/environment", "plain"),
            ("/projects/plain/webhook", "plain"), ("/projects/plain/settings", "plain"), ("/nodes/new", "Add a node"), ("/nodes/plain-node", "plain-node"), ("/audit", "Audit"),
            ("/tokens", "Tokens"), ("/nowhere", "Not found"),
        ])
        {
            await window.GoAsync(path, heading);
            await window.ShouldBeAccessibleAsync(path);
        }

        await window.ClickAsync("Sign out");
        await window.Page.GetByLabel("Access token").WaitForAsync();
        await window.ShouldBeAccessibleAsync("the sign-in");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_control_plane_that_died_is_missed_and_found_again_without_a_reload()
    {
        await using var window = await fixture.AdminAsync();
        await window.SettleAsync();
        fixture.Plane.Kill();
        await window.TextAsync("connecting…");
        await window.Link("Tokens").ClickAsync();
        await window.TextAsync("The control plane does not answer.");

        await fixture.Plane.RestartAsync();

        await window.SettleAsync();
        await window.Page.GetByRole(AriaRole.Rowheader, new() { NameRegex = new("^admin ") }).WaitForAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }
}
