using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Access;

/// <summary>Signing a browser in, and what its cookie is good for.</summary>
public sealed class SessionTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_token_becomes_a_cookie_that_no_script_and_no_other_site_gets()
    {
        var token = await TokenAsync("ann", "deployer");
        using var answer = await SendAsync(HttpMethod.Post, "api/session", null, body: new { token }, site: "same-origin");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var set = answer.Headers.GetValues("Set-Cookie").Single();
        set.ShouldStartWith($"vpspilot={token}; max-age=604800; path=/; samesite=strict; httponly");
        var who = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        ((string)who["name"]!, (string)who["role"]!, who["projects"]).ShouldBe(("ann", "deployer", null));
        who.ToJsonString().ShouldNotContain(token);

        (await JsonAsync("api/whoami", token))["name"]!.ToString().ShouldBe("ann");
        (await JsonAsync("api/session", token))["role"]!.ToString().ShouldBe("deployer");
        var audit = (await server.Admin.GetAsync("api/audit").JsonAsync())["items"]!.AsArray();
        audit.ShouldContain(e => (string?)e!["who"] == "ann" && (string)e["what"]! == "SignIn");
        audit.ToJsonString().ShouldNotContain(token);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_nobody_and_no_failure()
    {
        (await SendAsync(HttpMethod.Get, "api/session", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        using var stale = await SendAsync(HttpMethod.Get, "api/session", "vpp_deleted");
        stale.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        stale.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("vpspilot=; max-age=0");
    }

    [Theory]
    [InlineData("vpp_guess")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_token_that_is_none_gives_no_cookie(string? token)
    {
        using var answer = await SendAsync(HttpMethod.Post, "api/session", null, body: new { token }, site: "same-origin");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_away()
    {
        using var answer = await SendAsync(HttpMethod.Delete, "api/session", await TokenAsync("out", "viewer"), site: "same-origin");

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("vpspilot=; max-age=0");
    }

    [Theory]
    [InlineData("POST", "cross-site", null, false)]
    [InlineData("POST", "same-site", null, false)]
    [InlineData("POST", "none", null, false)]
    [InlineData("POST", "same-origin", "http://evil.example", true)] // The browser's own word counts for more.
    [InlineData("POST", null, "http://evil.example", false)]
    [InlineData("POST", null, "null", false)]
    [InlineData("POST", null, null, false)]
    [InlineData("POST", null, "own", true)]
    [InlineData("GET", "cross-site", null, false)]
    [InlineData("GET", "same-origin", null, true)]
    [InlineData("GET", "none", null, true)]
    [InlineData("GET", null, null, true)]
    public async Task A_cookie_counts_only_in_requests_of_the_dashboard_itself(string method, string? site, string? origin, bool counts)
    {
        var token = await TokenAsync("admin-2", "admin");
        origin = origin == "own" ? server.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin;

        using var answer = await SendAsync(new HttpMethod(method), "api/tokens", token, body: method == "GET" ? null : new { name = "made", role = "viewer" }, site: site, origin: origin);

        answer.StatusCode.ShouldBe(!counts ? HttpStatusCode.Forbidden : method == "GET" ? HttpStatusCode.OK : HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task No_other_site_signs_a_browser_in_or_out(string method)
    {
        using var answer = await SendAsync(new HttpMethod(method), "api/session", null, body: new { token = await TokenAsync("fixed", "viewer") }, origin: "http://evil.example");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("foreign-origin");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_bearer_token_needs_no_origin_and_is_taken_before_a_cookie()
    {
        using var client = server.WithToken(await TokenAsync("script", "viewer"));
        client.DefaultRequestHeaders.Add("Cookie", "vpspilot=vpp_stale");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        ((string)(await client.GetAsync("api/whoami").JsonAsync())["name"]!).ShouldBe("script");
    }

    [Fact]
    public async Task A_token_of_one_project_is_told_who_it_is()
    {
        await server.AgentAsync("session-1");
        await server.ProjectAsync("session-shop", "session-1");
        var created = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "one", role = "viewer", projects = new[] { "session-shop" } })).JsonAsync(HttpStatusCode.Created);

        var who = await JsonAsync("api/whoami", (string)created["token"]!);

        who["projects"]!.AsArray().Select(p => (string)p!).ShouldBe(["session-shop"]);
    }

    [Fact]
    public async Task Behind_a_proxy_that_encrypts_the_cookie_is_bound_to_the_host()
    {
        using var encrypted = new ApiServer { Settings = ["--PublicUrl=https://pilot.example"] };
        await encrypted.InitializeAsync();
        var token = (await File.ReadAllTextAsync(Path.Combine(encrypted.DataDirectory, "admin-token"))).Trim();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/session") { Content = JsonContent.Create(new { token }), Headers = { { "Origin", "https://pilot.example" } } };
        using var answer = await encrypted.Anonymous.SendAsync(request);

        answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith($"__Host-vpspilot={token}; max-age=604800; path=/; secure; samesite=strict; httponly");
        await encrypted.DisposeAsync();
    }

    private async Task<string> TokenAsync(string name, string role) =>
        (string)(await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name, role })).JsonAsync(HttpStatusCode.Created))["token"]!;

    private async Task<JsonNode> JsonAsync(string path, string cookie) => await SendAsync(HttpMethod.Get, path, cookie, site: "same-origin").JsonAsync();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? cookie, object? body = null, string? site = null, string? origin = null)
    {
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = server.Anonymous.BaseAddress, Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in ((string, string?)[])[("Cookie", cookie is null ? null : "vpspilot=" + cookie), ("Sec-Fetch-Site", site), ("Origin", origin)])
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        return await client.SendAsync(request);
    }
}
