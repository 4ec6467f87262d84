using System.Net;
using System.Net.Http.Json;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Functions.Tests.Api;

public sealed class SecretApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Scopes_versions_and_authors_are_shown_and_values_never()
    {
        await using var agent = await server.AgentAsync("scope-1");
        await server.ProjectAsync("scoped", "scope-1");
        await PutAsync("scoped", "KEY", "first-value");
        await PutAsync("scoped", "KEY", "second-value");
        await PutAsync("scoped", "KEY", "node-value", "?node=scope-1");
        await PutAsync("scoped", "KEY", "staging-value", "?environment=staging");

        var all = await server.Admin.GetAsync("api/projects/scoped/env").JsonAsync();
        var versions = await server.Admin.GetAsync("api/projects/scoped/env/KEY/versions").JsonAsync();

        all["items"]!.AsArray().Select(s => ((string)s!["scope"]!, (int)s["version"]!, (string)s["updatedBy"]!)).ShouldBe([("environment:staging", 1, "admin"), ("node:scope-1", 1, "admin"), ("project", 2, "admin")]);
        versions["items"]!.AsArray().Select(s => (int)s!["version"]!).ShouldBe([2, 1]);
        (all.ToJsonString() + versions.ToJsonString()).ShouldNotContain("value\":");
        await server.Admin.DeleteAsync("api/projects/scoped/env/KEY?node=scope-1").ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.DeleteAsync("api/projects/scoped/env/KEY?node=scope-1").ShouldBeProblemAsync(HttpStatusCode.NotFound, "secret-not-found");
        await server.Admin.GetAsync("api/projects/scoped/env/OTHER/versions").ShouldBeProblemAsync(HttpStatusCode.NotFound, "secret-not-found");
    }

    [Fact]
    public async Task A_request_with_mistakes_is_told_all_of_them_and_sets_nothing()
    {
        await using var agent = await server.AgentAsync("wrong-1");
        await server.ProjectAsync("wrong", "wrong-1");

        var problem = await server.Admin.PutAsync("api/projects/wrong/env/1-BAD?node=nobody", JsonContent.Create(new { value = new string('x', 25 * 1024) })).JsonAsync(HttpStatusCode.BadRequest);

        problem["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["name", "node", "$.value"]);
        (await server.Admin.GetAsync("api/projects/wrong/env").JsonAsync())["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_restarts_the_project_with_the_new_value_where_it_is_asked_to()
    {
        await using var agent = await server.AgentAsync("restart-1");
        await server.ProjectAsync("restarted", "restart-1");
        var restarted = new TaskCompletionSource<CommandEnvelope>(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.Answer = command =>
        {
            restarted.TrySetResult(command);
            return new() { Outcome = VpsPilot.Contracts.Events.CommandOutcome.Succeeded };
        };

        await PutAsync("restarted", "KEY", "one");
        var answer = await server.Admin.PutAsync("api/projects/restarted/env/KEY?restart=true", JsonContent.Create(new { value = "two" })).JsonAsync(HttpStatusCode.Accepted);
        var operation = (string?)answer["restart"];
        ((int)answer["secret"]!["version"]!).ShouldBe(2);

        operation.ShouldNotBeNull();
        var command = await restarted.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var box = command.Body.ShouldBeOfType<RestartCommand>().Environment.ShouldNotBeNull();
        System.Text.Encoding.UTF8.GetString(box.Open(agent.Keys.SealingKey, command.CommandId)).ShouldBe("{\"KEY\":\"two\"}");
        await ApiServer.UntilAsync(async () => (string)(await server.Admin.GetAsync($"api/operations/{operation}").JsonAsync())["status"]! == "succeeded");
    }

    [Fact]
    public async Task The_key_of_the_values_can_be_rotated_over_the_api()
    {
        await using var agent = await server.AgentAsync("rekey-1");
        await server.ProjectAsync("rekeyed", "rekey-1");
        await PutAsync("rekeyed", "KEY", "kept-value");

        var rotated = await server.Admin.PostAsync("api/keys/secrets/rotate", null).JsonAsync();

        ((int)rotated["reencrypted"]!).ShouldBeGreaterThanOrEqualTo(2); // The value and the webhook's secret.
        (await server.Admin.PostAsync("api/projects/rekeyed/deployments", JsonContent.Create(new { })).JsonAsync(HttpStatusCode.Accepted))["id"].ShouldNotBeNull();
        await ApiServer.UntilAsync(() => Task.FromResult(agent.Environment?.GetValueOrDefault("KEY") == "kept-value"));
    }

    private Task PutAsync(string project, string name, string value, string scope = "") =>
        server.Admin.PutAsync($"api/projects/{project}/env/{name}{scope}", JsonContent.Create(new { value })).ShouldBeAsync(HttpStatusCode.NoContent);
}
