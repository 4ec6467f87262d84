using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

[Collection(StackCollection.Name)]
public sealed class BadInputTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 300_000)]
    public async Task A_config_with_three_mistakes_lists_all_three_with_their_paths()
    {
        var app = await stack.CreateProjectAsync("three-mistakes", StackFixture.Sample("nodejs"));
        await app.WriteAsync("config.vpspilot.json", """{ "type": "nodejs", "biuld": {}, "start": { "command": 5 }, "deployment": { "keep_releases": 0 } }""");

        var deployment = await stack.PushAndWaitAsync(app, "three-mistakes", "Three mistakes");

        deployment.Status().ShouldBe("failed");
        ((string)deployment.Failure()["step"]!).ShouldBe("configure");
        deployment.Failure()["problems"]!.AsArray().Select(p => (string)p!["path"]!).ShouldBe(["$.biuld", "$.start.command", "$.deployment.keep_releases"], ignoreOrder: true);
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_unknown_runtime_version_names_the_supported_ones()
    {
        var app = await stack.CreateProjectAsync("old-runtime", StackFixture.Sample("nodejs"));
        await app.EditAsync("config.vpspilot.json", "\"20\"", "\"19\"");

        var deployment = await stack.PushAndWaitAsync(app, "old-runtime", "Node 19");

        deployment.Status().ShouldBe("failed");
        var failure = deployment.Failure().ToJsonString();
        failure.ShouldContain("18");
        failure.ShouldContain("20");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_repository_that_cannot_be_cloned_says_so_in_gits_words_with_a_hint()
    {
        await stack.Api.PostAsync("api/projects", new JsonObject
        {
            ["id"] = "no-repository",
            ["repository"] = stack.Git.UrlOf("does-not-exist"),
            ["nodes"] = new JsonArray(LocalStack.Node),
        });

        var deployment = await stack.DeployAndWaitAsync("no-repository", []);

        deployment.Status().ShouldBe("failed");
        ((string)deployment.Failure()["step"]!).ShouldBe("fetch");
        ((string?)deployment.Failure()["stderrTail"]).ShouldNotBeNullOrEmpty();
        ((string?)deployment.Failure()["hint"]).ShouldNotBeNullOrEmpty();
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_commit_that_the_branch_does_not_have_is_refused_in_fetch()
    {
        var app = await stack.CreateProjectAsync("no-commit", StackFixture.Sample("nodejs"));
        await app.WithShortWatchAsync();
        (await stack.PushAndWaitAsync(app, "no-commit", "Good")).Status().ShouldBe("succeeded");
        var unknown = new string('1', 40);

        var deployment = await stack.DeployAndWaitAsync("no-commit", new JsonObject { ["commit"] = unknown });

        deployment.Status().ShouldBe("failed");
        ((string)deployment.Failure()["step"]!).ShouldBe("fetch");
        deployment.Summary().ShouldContain(unknown[..12]);
        ((string)deployment.Failure()["hint"]!).ShouldContain("Push the commit");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task Unsigned_malformed_and_unknown_webhooks_are_refused_and_store_nothing()
    {
        await stack.CreateProjectAsync("webhooks", StackFixture.Sample("nodejs"));

        (await PostAsync("webhooks", """{"ref":"refs/heads/main"}""", signature: null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync("webhooks", """{"ref":"refs/heads/main"}""", "sha256=" + new string('0', 64))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync("nobody", "{}", signature: null)).ShouldBe(HttpStatusCode.NotFound);
        var secret = (string)(await stack.Api.PostAsync("api/projects/webhooks/webhook-secret", new JsonObject()))["webhookSecret"]!;
        foreach (var malformed in (string[])["{", "[]", """{"ref":7}"""])
        {
            var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(malformed)));
            (await PostAsync("webhooks", malformed, signature)).ShouldBe(HttpStatusCode.BadRequest, malformed);
        }

        (await stack.Api.GetAsync("api/projects/webhooks/deployments"))["items"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<HttpStatusCode> PostAsync(string project, string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(stack.Plane.Url, $"api/webhooks/github/{project}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        if (signature is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", signature);
        }

        using var response = await stack.Api.Http.SendAsync(request);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return response.StatusCode;
    }
}
