using System.Text.Json;
using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>Signing in and out, and what scripts get to see of it.</summary>
[Collection(PlaneCollection.Name)]
public sealed class SignInTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 120_000)]
    public async Task A_token_signs_in_with_the_keyboard_alone_and_no_script_can_read_it()
    {
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        await window.Page.GotoAsync("/audit");
        await Assertions.Expect(window.Page.GetByLabel("Access token")).ToBeFocusedAsync();
        await window.Page.Keyboard.TypeAsync(await fixture.TokenAsync("keyboard", "admin"));
        await window.Page.Keyboard.PressAsync("Enter");
        await window.HeadingAsync("Audit");

        (await window.Page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage)")).ShouldNotContain("vpp_");
        var cookie = (await window.Page.Context.CookiesAsync()).Single();
        (cookie.HttpOnly, cookie.SameSite).ShouldBe((true, SameSiteAttribute.Strict));

        await window.Page.ReloadAsync();
        await window.HeadingAsync("Audit");
        await window.ClickAsync("Sign out");
        await window.Page.GetByLabel("Access token").WaitForAsync();
        (await window.Page.Context.CookiesAsync()).ShouldBeEmpty();
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_wrong_token_is_told_and_a_deleted_one_ends_its_session()
    {
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        window.Expected.Add(401);
        await window.Page.GotoAsync("/");
        await window.Page.GetByLabel("Access token").FillAsync("vpp_wrong");
        await window.ClickAsync("Sign in");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known");

        var created = await fixture.Api.PostAsync("api/tokens", new System.Text.Json.Nodes.JsonObject { ["name"] = "short", ["role"] = "viewer" });
        await window.SignInAsync((string)created["token"]!);
        (await fixture.Api.Http.DeleteAsync($"api/tokens/{created["details"]!["id"]}")).EnsureSuccessStatusCode();
        await window.Page.ReloadAsync();

        await window.Page.GetByLabel("Access token").WaitForAsync();
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task Another_page_of_the_same_site_can_do_nothing_with_the_cookie()
    {
        await using var window = await fixture.AdminAsync();
        window.Expected.Add(403);

        // Another port is another origin and the same site, so that the browser sends the cookie along.
        using var other = new AnotherSite();
        var page = await window.Page.Context.NewPageAsync();
        await page.GotoAsync(other.Url);
        await page.EvaluateAsync("url => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: JSON.stringify({ name: 'forged', role: 'admin' }) }).catch(() => 0)", fixture.Plane.Url + "api/tokens");

        var tokens = JsonSerializer.Serialize(await fixture.Api.GetAsync("api/tokens"));
        tokens.ShouldNotContain("forged");
        var audit = (await fixture.Api.GetAsync("api/audit"))["items"]!.AsArray();
        audit.ShouldContain(e => (string)e!["what"]! == "CreateToken" && (int)e["status"]! == 403, "the request has to arrive, to be refused");
    }
}
