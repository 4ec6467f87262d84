using System.Net;
using System.Net.Http.Json;

namespace VpsPilot.Functions.Tests.Api;

public sealed class AccessApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Health_is_for_everyone()
    {
        var health = await server.Anonymous.GetAsync("api/health").JsonAsync();

        ((string)health["status"]!).ShouldBe("ok");
        ((string)health["version"]!).ShouldMatch(@"^\d+\.\d+\.\d+$");
    }

    [Fact]
    public async Task The_schema_of_the_config_is_for_every_editor() =>
        (await server.Anonymous.GetStringAsync("api/config.schema.json")).ShouldContain("\"title\": \"config.vpspilot.json\"");

    [Theory]
    [InlineData("GET", "api/nodes")]
    [InlineData("POST", "api/nodes")]
    [InlineData("GET", "api/projects")]
    [InlineData("GET", "api/deployments/x")]
    [InlineData("PUT", "api/projects/x/env/A")]
    [InlineData("GET", "api/audit")]
    public async Task Without_a_valid_token_nothing_is_answered(string method, string path)
    {
        using var guess = server.WithToken("vpp_guess");
        using var empty = server.WithToken("");

        foreach (var client in (HttpClient[])[server.Anonymous, guess, empty])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            await client.SendAsync(request).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task A_role_allows_what_it_says_and_denials_are_in_the_audit_log()
    {
        var created = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "reader", role = "viewer" })).JsonAsync(HttpStatusCode.Created);
        using var viewer = server.WithToken((string)created["token"]!);

        await viewer.GetAsync("api/nodes").JsonAsync();
        await viewer.PostAsync("api/nodes", JsonContent.Create(new { name = "x" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");

        var audit = (await server.Admin.GetAsync("api/audit").JsonAsync())["items"]!.AsArray();
        audit.ShouldContain(e => (string?)e!["who"] == "reader" && (string)e["what"]! == "CreateNode" && (int)e["status"]! == 403 && (string?)e["from"] != null);
        audit.ShouldContain(e => (string?)e!["who"] == "admin" && (string)e["what"]! == "CreateToken" && (int)e["status"]! == 201);
        audit.ToJsonString().ShouldNotContain((string)created["token"]!);
    }

    [Fact]
    public async Task A_token_limited_to_a_project_reaches_no_other()
    {
        await server.AgentAsync("scope-1");
        await server.ProjectAsync("scope-a", "scope-1");
        await server.ProjectAsync("scope-b", "scope-1");
        var created = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "limited", role = "admin", projects = new[] { "scope-a" } })).JsonAsync(HttpStatusCode.Created);
        using var limited = server.WithToken((string)created["token"]!);

        await limited.GetAsync("api/projects/scope-a").JsonAsync();
        await limited.GetAsync("api/projects/scope-b").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await limited.PostAsync("api/projects", JsonContent.Create(new { id = "scope-c", repository = "/srv/git/app.git", nodes = new[] { "scope-1" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await limited.GetAsync("api/tokens").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task The_list_of_projects_has_those_that_a_token_reaches_page_by_page()
    {
        await server.AgentAsync("list-1");
        foreach (var id in (string[])["list-a", "list-b", "list-c"])
        {
            await server.ProjectAsync(id, "list-1");
        }

        var created = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "two", role = "viewer", projects = new[] { "list-c", "list-a" } })).JsonAsync(HttpStatusCode.Created);
        using var limited = server.WithToken((string)created["token"]!);

        var all = await limited.GetAsync("api/projects").JsonAsync();
        all["items"]!.AsArray().Select(p => (string)p!["id"]!).ShouldBe(["list-a", "list-c"]);
        all["nextCursor"].ShouldBeNull();
        var first = await limited.GetAsync("api/projects?limit=1").JsonAsync();
        first["items"]!.AsArray().Select(p => (string)p!["id"]!).ShouldBe(["list-a"]);
        var second = await limited.GetAsync($"api/projects?limit=1&cursor={first["nextCursor"]}").JsonAsync();
        second["items"]!.AsArray().Select(p => (string)p!["id"]!).ShouldBe(["list-c"]);
        second["nextCursor"].ShouldBeNull();
        (await server.Admin.GetAsync("api/projects").JsonAsync())["items"]!.AsArray().Select(p => (string)p!["id"]!).ShouldContain("list-b");
    }

    [Fact]
    public async Task A_token_is_told_whom_it_speaks_for()
    {
        await server.AgentAsync("who-1");
        await server.ProjectAsync("who-a", "who-1");
        var created = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "ci", role = "deployer", projects = new[] { "who-a" } })).JsonAsync(HttpStatusCode.Created);
        using var limited = server.WithToken((string)created["token"]!);

        var who = await limited.GetAsync("api/whoami").JsonAsync();

        ((string?)who["name"], (string?)who["role"]).ShouldBe(("ci", "deployer"));
        who["projects"]!.AsArray().Select(p => (string)p!).ShouldBe(["who-a"]);
        var admin = await server.Admin.GetAsync("api/whoami").JsonAsync();
        ((string?)admin["name"], (string?)admin["role"], admin["projects"]).ShouldBe(("admin", "admin", null));
        await server.Anonymous.GetAsync("api/whoami").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_deleted_token_is_refused_from_then_on()
    {
        var created = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "gone", role = "viewer" })).JsonAsync(HttpStatusCode.Created);
        using var client = server.WithToken((string)created["token"]!);
        await client.GetAsync("api/nodes").JsonAsync();

        await server.Admin.DeleteAsync($"api/tokens/{created["details"]!["id"]}").ShouldBeAsync(HttpStatusCode.NoContent);

        await client.GetAsync("api/nodes").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("null", "$")]
    [InlineData("""{"name":5,"role":"viewer"}""", "$.name")]
    [InlineData("""{"name":"x","role":"king"}""", "$.role")]
    [InlineData("{}", "$.name")]
    public async Task A_request_that_is_wrong_is_told_where(string body, string path)
    {
        var problem = await server.Admin.PostAsync("api/tokens", new StringContent(body, System.Text.Encoding.UTF8, "application/json")).JsonAsync(HttpStatusCode.BadRequest);

        ((string)problem["errors"]![0]!["path"]!).ShouldBe(path);
    }
}
