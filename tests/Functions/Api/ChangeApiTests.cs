using System.Net;
using System.Net.Http.Json;
using VpsPilot.Functions.Access;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>Versions of documents, what the audit log keeps of a change, and the limit of failures.</summary>
public sealed class ChangeApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_change_to_another_version_than_was_read_is_refused()
    {
        await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "etag-1" })).ShouldBeAsync(HttpStatusCode.Created);
        await server.ProjectAsync("etag-shop", "etag-1");
        using var read = await server.Admin.GetAsync("api/projects/etag-shop");
        var etag = read.Headers.ETag!.ToString();

        using var changed = await PatchAsync("etag-shop", etag, new { branch = "next" });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stale = await PatchAsync("etag-shop", etag, new { branch = "other" });
        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await stale.Content.ReadAsStringAsync()).ShouldContain("\"precondition-failed\"");
        stale.Headers.ETag.ShouldBe(changed.Headers.ETag);

        ((string)(await server.Admin.GetAsync("api/projects/etag-shop").JsonAsync())["branch"]!).ShouldBe("next");
        (await PatchAsync("etag-shop", "*", new { branch = "any" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PatchAsync("etag-shop", "\"x\", " + (await server.Admin.GetAsync("api/projects/etag-shop")).Headers.ETag, new { branch = "one-of" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "api/projects/etag-shop");
        delete.Headers.TryAddWithoutValidation("If-Match", etag);
        await server.Admin.SendAsync(delete).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "precondition-failed");
        await server.Admin.DeleteAsync("api/projects/etag-shop").ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_audit_log_has_what_changed_before_and_after_and_no_secret()
    {
        await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "audit-1" })).ShouldBeAsync(HttpStatusCode.Created);
        var created = await server.ProjectAsync("audit-shop", "audit-1");
        using var patched = await PatchAsync("audit-shop", null, new { branch = "next", tags = new[] { "v*" } });
        await server.Admin.PutAsync("api/projects/audit-shop/env/PASSWORD", JsonContent.Create(new { value = "hunter2hunter2" })).ShouldBeAsync(HttpStatusCode.NoContent);
        var rotated = await server.Admin.PostAsync("api/projects/audit-shop/webhook-secret", JsonContent.Create(new { overlapHours = 2 })).JsonAsync(HttpStatusCode.Created);

        var entries = (await server.Admin.GetAsync("api/audit?limit=200").JsonAsync())["items"]!.AsArray();

        var change = entries.Single(e => (string)e!["what"]! == "ChangeProject" && ((string)e["path"]!).EndsWith("audit-shop", StringComparison.Ordinal))!;
        change["before"]!.ToJsonString().ShouldBe("""{"branch":"main"}""");
        change["after"]!.ToJsonString().ShouldBe("""{"branch":"next","tags":["v*"]}""");
        entries.ShouldContain(e => (string)e!["what"]! == "CreateProject" && (string?)e["after"]!["id"] == "audit-shop" && e["before"] == null);
        entries.ShouldContain(e => (string)e!["what"]! == "SetEnvironment" && (string?)e["after"]!["name"] == "PASSWORD");
        entries.ShouldContain(e => (string)e!["what"]! == "RotateWebhookSecret");
        var text = entries.ToJsonString();
        text.ShouldNotContain("hunter2hunter2");
        text.ShouldNotContain((string)created["webhookSecret"]!);
        text.ShouldNotContain((string)rotated["webhookSecret"]!);
    }

    [Fact]
    public async Task A_limited_token_reaches_the_deployments_of_its_projects_alone()
    {
        await using var agent = await server.AgentAsync("limit-1");
        await server.ProjectAsync("limit-a", "limit-1");
        await server.ProjectAsync("limit-b", "limit-1");
        var token = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "ci", role = "deployer", projects = new[] { "limit-a" } })).JsonAsync(HttpStatusCode.Created);
        using var limited = server.WithToken((string)token["token"]!);

        var own = (string)(await limited.PostAsync("api/projects/limit-a/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
        var other = (string)(await server.Admin.PostAsync("api/projects/limit-b/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;

        await limited.GetAsync($"api/deployments/{own}").JsonAsync();
        (await limited.GetStringAsync($"api/deployments/{own}/log")).ShouldBe("");
        await limited.GetAsync($"api/deployments/{other}").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await limited.PostAsync($"api/deployments/{other}/cancel", null).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await limited.GetAsync("api/nodes").ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        var view = (await server.Admin.GetAsync("api/tokens").JsonAsync())["items"]!.AsArray().Single(t => (string)t!["name"]! == "ci")!;
        ((string?)view["lastUsedAt"]).ShouldNotBeNull();
        ((string?)view["lastUsedFrom"]).ShouldBe("127.0.0.1");
        ((string)token["token"]!).ShouldStartWith((string)view["prefix"]!);
    }

    [Fact]
    public async Task Who_fails_too_often_has_to_wait_and_who_has_a_token_has_not()
    {
        await using var own = new OwnServer();
        await own.StartAsync();
        using var guess = own.Server.WithToken("vpp_guess");
        for (var i = 0; i < FailureLimiter.Burst; i++)
        {
            await guess.GetAsync("api/nodes").ShouldBeAsync(HttpStatusCode.Unauthorized);
        }

        using var refused = await guess.GetAsync("api/nodes");

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        await own.Server.Admin.GetAsync("api/nodes").JsonAsync();
    }

    private async Task<HttpResponseMessage> PatchAsync(string project, string? etag, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"api/projects/{project}") { Content = JsonContent.Create(body) };
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        return await server.Admin.SendAsync(request);
    }

    /// <summary>A server whose failures are nobody else's.</summary>
    private sealed class OwnServer : IAsyncDisposable
    {
        public ApiServer Server { get; } = new();

        public Task StartAsync() => Server.InitializeAsync();

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            Server.Dispose();
        }
    }
}
