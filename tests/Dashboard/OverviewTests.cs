using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>The overview says what it knows, and what it does not know.</summary>
[Collection(PlaneCollection.Name)]
public sealed class OverviewTests(PlaneFixture fixture)
{
    private const string Nodes = "**/api/nodes?limit=200";
    private const string Projects = "**/api/projects?limit=200";

    [BrowserFact(Timeout = 120_000)]
    public async Task While_nodes_are_being_read_or_cannot_be_nobody_is_told_that_nothing_serves()
    {
        await fixture.ProjectAsync("unsure");
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        var answer = new TaskCompletionSource();
        await window.Page.RouteAsync(Nodes, async route =>
        {
            await answer.Task;
            await route.FulfillAsync(new() { Status = 500 });
        });
        window.Expected.Add(500);

        await window.SignInAsync(fixture.Plane.AdminToken);
        await window.Link("unsure").WaitForAsync();
        await window.ServesAsync("unsure", "…");
        await window.TextAsync("Reading nodes…");
        answer.SetResult();
        await window.TextAsync("The control plane answered 500.");

        await window.ServesAsync("unsure", "unknown");
        await window.Page.UnrouteAsync(Nodes);
        await window.Page.ReloadAsync();
        await window.SettleAsync();
        await window.ServesAsync("unsure", "nothing");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task What_is_on_no_first_page_is_asked_for_and_shown()
    {
        await fixture.ProjectAsync("page-one");
        await fixture.ProjectAsync("page-two");
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        foreach (var list in (string[])[Nodes, Projects])
        {
            await window.Page.RouteAsync(list, route => route.ContinueAsync(new() { Url = route.Request.Url.Replace("limit=200", "limit=1", StringComparison.Ordinal) }));
        }

        await window.SignInAsync(fixture.Plane.AdminToken);
        await window.SettleAsync();
        await window.TextAsync("of the first 1 nodes");
        await window.ClickAsync("Show more projects");
        await window.ClickAsync("Show more nodes");

        foreach (var name in (string[])["page-one", "page-two", "page-one-node", "page-two-node"])
        {
            await window.Link(name).WaitForAsync();
        }

        (await window.Button("Show more nodes").CountAsync()).ShouldBe(0);
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_time_is_relative_and_its_exact_form_is_in_its_title()
    {
        await fixture.ProjectAsync("timely");
        await using var window = await fixture.AdminAsync();
        await window.SettleAsync();

        var time = window.Page.GetByRole(AriaRole.Listitem).Filter(new() { Has = window.Link("timely-node") }).Locator("time");

        (await time.InnerTextAsync()).ShouldMatch("just now|ago|second|minute");
        var exact = (await time.GetAttributeAsync("title"))!;
        exact.ShouldContain(DateTime.Parse((await time.GetAttributeAsync("datetime"))!, null).Year.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
