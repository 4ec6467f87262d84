using System.Collections.Concurrent;
using System.Text.Json;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>Everyone sees what they may do, and the server has the last word.</summary>
[Collection(PlaneCollection.Name)]
public sealed class RolesTests(PlaneFixture fixture)
{
    [BrowserFact(Timeout = 120_000)]
    public async Task A_viewer_sees_everything_and_is_refused_every_change()
    {
        await fixture.ProjectAsync("roles");
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        await window.SignInAsync(await fixture.TokenAsync("looker", "viewer"));
        (await window.Link("New project").CountAsync()).ShouldBe(0);
        (await window.Link("Tokens").CountAsync()).ShouldBe(0);

        await window.GoAsync("/projects/roles/environment", "roles");
        (await window.Button("Deploy main").CountAsync()).ShouldBe(0);
        (await window.Button("Save").CountAsync()).ShouldBe(0);
        await window.GoAsync("/projects/roles/settings", "roles");
        (await window.Page.GetByLabel("Repository").IsDisabledAsync()).ShouldBeTrue();
        await window.GoAsync("/tokens", "Not for this token");
        window.Complaints.ShouldBeEmpty();

        window.Expected.Add(403);
        var refused = await window.Page.EvaluateAsync<JsonElement>("() => fetch('/api/projects/roles/deployments', { method: 'POST', body: '{}' }).then(async r => ({ status: r.status, code: (await r.json()).code }))");
        (refused.GetProperty("status").GetInt32(), refused.GetProperty("code").GetString()).ShouldBe((403, "forbidden"));
        window.Complaints.ShouldBeEmpty();
    }

    [BrowserFact(Timeout = 120_000)]
    public async Task A_token_of_one_project_sees_that_one()
    {
        await fixture.ProjectAsync("mine");
        await fixture.ProjectAsync("other");
        await using var window = await fixture.Browser.OpenAsync(fixture.Plane.Url);
        var asked = new ConcurrentBag<string>();
        window.Page.Request += (_, request) => asked.Add(new Uri(request.Url).PathAndQuery);
        await window.SignInAsync(await fixture.TokenAsync("limited", "deployer", "mine"));
        await window.SettleAsync();

        (await window.Link("mine").CountAsync()).ShouldBe(1);
        (await window.Link("other").CountAsync()).ShouldBe(0);
        await window.ServesAsync("mine", "nothing");
        asked.ShouldContain("/api/projects/mine/releases?limit=200");
        await window.GoAsync("/projects/mine", "mine");
        await window.Button("Deploy main").WaitForAsync();
        await window.GoAsync("/nodes/mine-node", "Not for this token");
        window.Complaints.ShouldBeEmpty();
    }
}
