using System.Net.Http.Json;
using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>A project's settings, webhook and values.</summary>
[Collection(PlaneCollection.Name)]
public sealed class SettingsTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 120_000)]
    public async Task Settings_that_somebody_else_changed_meanwhile_are_not_overwritten()
    {
        await fixture.ProjectAsync("shared");
        await using var window = await fixture.AdminAsync();
        await window.GoAsync("/projects/shared/settings", "shared");
        (await fixture.Api.Http.PatchAsJsonAsync("api/projects/shared", new { branch = "theirs" })).EnsureSuccessStatusCode();
        window.Expected.Add(412);

        await window.Page.GetByLabel("Repository").FillAsync("https://example.com/shop/mine.git");
        await window.ClickAsync("Save");
        await window.TextAsync("Somebody changed the project meanwhile");
        ((string)(await fixture.Api.GetAsync("api/projects/shared"))["repository"]!).ShouldEndWith("app.git");

        await window.ClickAsync("Show how it is now");
        await Assertions.Expect(window.Page.GetByLabel("Branch", new() { Exact = true })).ToHaveValueAsync("theirs");
        await window.Page.GetByLabel("Repository").FillAsync("https://example.com/shop/mine.git");
        await window.ClickAsync("Save");
        await window.TextAsync("Saved.");

        var saved = await fixture.Api.GetAsync("api/projects/shared");
        ((string)saved["repository"]!, (string)saved["branch"]!).ShouldBe(("https://example.com/shop/mine.git", "theirs"));
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task Mistakes_stand_where_they_were_made()
    {
        await fixture.ProjectAsync("wrong");
        await using var window = await fixture.AdminAsync();
        window.Expected.Add(400);
        await window.GoAsync("/projects/wrong/settings", "wrong");

        await window.Page.GetByLabel("Branch", new() { Exact = true }).FillAsync("a..b");
        await window.ClickAsync("Save");

        var branch = window.Page.GetByLabel("Branch", new() { Exact = true });
        await Assertions.Expect(branch).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(branch).ToHaveAccessibleDescriptionAsync("is not a branch name that git accepts.");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_webhook_is_waited_for_until_its_first_delivery()
    {
        var project = await fixture.ProjectAsync("hooked");
        await using var window = await fixture.AdminAsync();
        await window.GoAsync("/projects/hooked/webhook", "hooked");
        await window.TextAsync("Waiting for the first delivery.");
        await window.TextAsync((string)project["webhookUrl"]!);

        (await SignedPing.SendAsync((string)project["webhookUrl"]!, (string)project["webhookSecret"]!)).EnsureSuccessStatusCode();

        await window.TextAsync("The last delivery came");
        await window.ClickAsync("New secret");
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "New secret" }).ClickAsync();
        await window.TextAsync("it is not shown again");
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_value_goes_in_and_never_out()
    {
        const string Value = "s3cret-of-the-shop";
        await fixture.ProjectAsync("values");
        await using var window = await fixture.AdminAsync();
        await window.GoAsync("/projects/values/environment", "values");
        await window.TextAsync("There is no value yet.");

        await window.Page.GetByLabel("Name").FillAsync("DB_PASSWORD");
        await window.Page.GetByLabel("Value", new() { Exact = true }).FillAsync(Value);
        await window.ClickAsync("Save");
        await window.TextAsync("DB_PASSWORD is set.");

        (await window.Page.ContentAsync()).ShouldNotContain(Value);
        (await window.Page.GetByLabel("Value", new() { Exact = true }).InputValueAsync()).ShouldBe("");
        await window.ClickAsync("Replace DB_PASSWORD");
        (await window.Page.GetByLabel("Value", new() { Exact = true }).InputValueAsync()).ShouldBe("");
        await window.Page.GetByLabel("Value", new() { Exact = true }).FillAsync("another");
        await window.ClickAsync("Save");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "DB_PASSWORD" })).ToContainTextAsync("2");
        window.Complaints.ShouldBeEmpty();
    }
}
