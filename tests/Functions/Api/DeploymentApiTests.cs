using System.Net;
using System.Net.Http.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Tests.Api;

public sealed class DeploymentApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_signed_push_deploys_and_everything_about_it_can_be_read()
    {
        await using var agent = await server.AgentAsync("push-1");
        var project = await server.ProjectAsync("push-shop", "push-1");
        await server.Admin.PutAsync("api/projects/push-shop/env/GREETING", JsonContent.Create(new { value = "a \"secret\" value" })).ShouldBeAsync(HttpStatusCode.NoContent);

        var id = (string)(await server.PushAsync(project, "delivery-1").JsonAsync(HttpStatusCode.Accepted))["deploymentId"]!;
        var ended = await server.EndAsync(id);

        ((string)ended["status"]!).ShouldBe("succeeded", ended.ToJsonString());
        ((string)ended["trigger"]!).ShouldBe("webhook");
        ((string)ended["commit"]!).ShouldBe(TestData.Commit);
        ((string)ended["summary"]!).ShouldContain("serves on 1 node");
        var node = ended["nodes"]![0]!;
        ((string)node["status"]!).ShouldBe("succeeded");
        ((int)node["release"]!["generation"]!).ShouldBe(2);
        ((int)node["release"]!["pid"]!).ShouldBe(42);
        await ApiServer.UntilAsync(async () => (await server.Admin.GetAsync($"api/deployments/{id}").JsonAsync())["nodes"]![0]!["steps"]!.AsArray().Count(s => (string)s!["state"]! == "completed") == 7);
        agent.Environment.ShouldBe(new Dictionary<string, string> { ["GREETING"] = "a \"secret\" value" });
        (await server.Admin.GetAsync("api/projects/push-shop/env").JsonAsync()).ToJsonString().ShouldNotContain("secret");
        ((string)(await server.Admin.GetAsync("api/projects/push-shop/deployments").JsonAsync())["items"]![0]!["id"]!).ShouldBe(id);
        ((string)(await server.Admin.GetAsync("api/projects/push-shop/releases").JsonAsync())["items"]![0]!["releaseId"]!).ShouldBe(id);

        // GitHub's redelivery: the same answer, and no second deployment.
        ((string)(await server.PushAsync(project, "delivery-1").JsonAsync(HttpStatusCode.Accepted))["deploymentId"]!).ShouldBe(id);
        (await server.Admin.GetAsync("api/projects/push-shop/deployments").JsonAsync())["items"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_build_says_why_in_one_line()
    {
        await using var agent = await server.AgentAsync("fail-1");
        agent.Answer = c => c.Body is BuildCommand
            ? new() { Outcome = CommandOutcome.Failed, Failure = new("test", FailureKind.Exit, "npm test ended with exit code 1") { ExitCode = 1, StderrTail = "1 failing", Hint = "Run npm test." } }
            : SimulatedAgent.Succeed(c);
        await server.ProjectAsync("fail-shop", "fail-1");

        var ended = await server.EndAsync(await DeployAsync("fail-shop"));

        ((string)ended["status"]!).ShouldBe("failed");
        ((string)ended["failure"]!["stderrTail"]!).ShouldBe("1 failing");
        ((string)ended["nodes"]![0]!["failure"]!["hint"]!).ShouldBe("Run npm test.");
        ((string)ended["summary"]!).ShouldStartWith("test: npm test ended with exit code 1");
    }

    [Fact]
    public async Task A_log_is_appended_by_offset_and_resumed_where_the_server_is()
    {
        await using var agent = await server.AgentAsync("log-1");
        await server.ProjectAsync("log-shop", "log-1");
        var id = await DeployAsync("log-shop");

        ((long)(await agent.AppendLogAsync(id, 0, "one\n").JsonAsync())["offset"]!).ShouldBe(4);
        ((long)(await agent.AppendLogAsync(id, 0, "one\n").JsonAsync(HttpStatusCode.Conflict))["offset"]!).ShouldBe(4);
        ((long)(await agent.AppendLogAsync(id, 4, "two\n").JsonAsync())["offset"]!).ShouldBe(8);

        (await server.Admin.GetStringAsync($"api/deployments/{id}/log")).ShouldBe("one\ntwo\n");
        (await server.Admin.GetStringAsync($"api/deployments/{id}/log?node=log-1")).ShouldBe("one\ntwo\n");
        await agent.AppendLogAsync(new string('0', 32), 0, "x").ShouldBeProblemAsync(HttpStatusCode.NotFound, "deployment-not-found");
        await agent.AppendLogAsync(id, 8, new string('x', 256 * 1024 + 1)).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        await server.Anonymous.PostAsync($"api/agent/deployments/{id}/log?offset=8", new StringContent("x")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_build_can_be_canceled_and_so_can_a_switch()
    {
        await using var agent = await server.AgentAsync("cancel-1");
        CommandEnvelope? build = null;
        agent.Answer = c => c.Body switch
        {
            BuildCommand => Remember(c, ref build),
            CancelCommand => Canceled(agent, build!),
            _ => null,
        };
        await server.ProjectAsync("cancel-shop", "cancel-1");
        var first = await DeployAsync("cancel-shop");
        await ApiServer.UntilAsync(() => Task.FromResult(build is not null));

        await server.Admin.PostAsync($"api/deployments/{first}/cancel", null).JsonAsync(HttpStatusCode.Accepted);

        ((string)(await server.EndAsync(first))["status"]!).ShouldBe("canceled");
        await server.Admin.PostAsync($"api/deployments/{first}/cancel", null).ShouldBeProblemAsync(HttpStatusCode.Conflict, "deployment-ended");

        CommandEnvelope? activate = null;
        agent.Answer = c => c.Body switch
        {
            BuildCommand => SimulatedAgent.Succeed(c),
            CancelCommand => Canceled(agent, activate!),
            _ => Remember(c, ref activate),
        };
        var second = await DeployAsync("cancel-shop");
        await ApiServer.UntilAsync(() => Task.FromResult(activate is not null));
        await server.Admin.PostAsync($"api/deployments/{second}/approve", null).ShouldBeProblemAsync(HttpStatusCode.Conflict, "deployment-waits-for-no-approval");

        await server.Admin.PostAsync($"api/deployments/{second}/cancel", null).JsonAsync(HttpStatusCode.Accepted);

        ((string)(await server.EndAsync(second))["status"]!).ShouldBe("canceled");
    }

    [Fact]
    public async Task A_rollback_is_a_deployment_of_its_own()
    {
        await using var agent = await server.AgentAsync("back-1");
        await server.ProjectAsync("back-shop", "back-1");
        await server.EndAsync(await DeployAsync("back-shop"));

        var started = await server.Admin.PostAsync("api/projects/back-shop/rollback", JsonContent.Create(new { to = "previous" })).JsonAsync(HttpStatusCode.Accepted);
        var ended = await server.EndAsync((string)started["id"]!);

        ((string)ended["status"]!).ShouldBe("succeeded");
        ((string)ended["trigger"]!).ShouldBe("rollback");
        ((int)ended["nodes"]![0]!["release"]!["generation"]!).ShouldBe(1);
        await server.Admin.PostAsync("api/projects/back-shop/rollback", JsonContent.Create(new { to = "yesterday" })).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_one_deployment()
    {
        await using var agent = await server.AgentAsync("key-1");
        await server.ProjectAsync("key-shop", "key-1");
        using var client = server.WithToken(server.Admin.DefaultRequestHeaders.Authorization!.Parameter!);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "abc");

        var first = await client.PostAsync("api/projects/key-shop/deployments", JsonContent.Create(new { })).JsonAsync(HttpStatusCode.Accepted);
        var second = await client.PostAsync("api/projects/key-shop/deployments", JsonContent.Create(new { })).JsonAsync(HttpStatusCode.Accepted);

        ((string)second["id"]!).ShouldBe((string)first["id"]!);
    }

    [Fact]
    public async Task An_alert_of_a_node_can_be_read()
    {
        await using var agent = await server.AgentAsync("alert-1");

        await agent.SendAsync(null, new Alert("disk-full", "2% of the disk is left."));

        await ApiServer.UntilAsync(async () => (await server.Admin.GetAsync("api/alerts").JsonAsync())["items"]!.AsArray().Any(a => (string)a!["nodeId"]! == "alert-1" && (string)a["code"]! == "disk-full"));
    }

    private static CommandResult? Remember(CommandEnvelope command, ref CommandEnvelope? memory)
    {
        memory = command;
        return null;
    }

    private static CommandResult? Canceled(SimulatedAgent agent, CommandEnvelope build)
    {
        _ = agent.SendAsync(build, new CommandResult { Outcome = CommandOutcome.Canceled });
        return new() { Outcome = CommandOutcome.Succeeded };
    }

    private async Task<string> DeployAsync(string project) =>
        (string)(await server.Admin.PostAsync($"api/projects/{project}/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
}
