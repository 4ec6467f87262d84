using System.Text.Json.Nodes;
using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>Tokens and the audit log.</summary>
[Collection(PlaneCollection.Name)]
public sealed class TokensTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 120_000)]
    public async Task A_token_is_shown_once_works_and_is_deleted_after_a_second_word()
    {
        await using var window = await fixture.AdminAsync();
        await window.GoAsync("/tokens", "Tokens");
        await window.Page.GetByLabel("Name").FillAsync("ci-of-shop");
        await window.Page.GetByLabel("Role").SelectOptionAsync("deployer");
        await window.ClickAsync("Make the token");
        var text = (await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Token", Exact = true }).TextContentAsync())!;

        using (var client = new ApiClient(fixture.Plane.Url, text))
        {
            ((string)(await client.GetAsync("api/whoami"))["role"]!).ShouldBe("deployer");
        }

        await window.Page.ReloadAsync();
        await window.HeadingAsync("Tokens");
        var row = window.Page.GetByRole(AriaRole.Row, new() { Name = "ci-of-shop" });
        await row.WaitForAsync();
        (await window.Page.ContentAsync()).ShouldNotContain(text);
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        (await fixture.Api.GetAsync("api/tokens"))["items"]!.AsArray().Select(t => (string)t!["name"]!).ShouldNotContain("ci-of-shop");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task The_audit_log_says_who_changed_what()
    {
        await fixture.Api.PostAsync("api/nodes", new JsonObject { ["name"] = "audited" });
        await using var window = await fixture.AdminAsync();
        await window.GoAsync("/audit", "Audit");

        await window.Page.GetByLabel("Filter what is shown").FillAsync("CreateNode");
        var row = window.Page.GetByRole(AriaRole.Row, new() { Name = "CreateNode" }).Filter(new() { HasText = "audited" });
        await row.GetByText("What changed").ClickAsync();

        await Assertions.Expect(row.GetByLabel("After")).ToContainTextAsync("\"audited\"");
        window.Complaints.ShouldBeEmpty();
    }
}
