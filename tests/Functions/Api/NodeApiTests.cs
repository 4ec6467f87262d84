using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Contracts;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Api;

public sealed class NodeApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("token")]
    [InlineData("agentVersion")]
    [InlineData("facts")]
    public async Task A_null_in_an_enrolment_is_a_mistake_that_uses_no_token_up(string member)
    {
        var created = await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = $"null-{member.ToLowerInvariant()}" })).JsonAsync(HttpStatusCode.Created);
        var token = (string)created["enrollmentToken"]!;
        var body = JsonSerializer.SerializeToNode(SimulatedAgent.NewKeys().Request(token), ContractsJson.Default.EnrollRequest)!;
        var broken = body.DeepClone();
        broken[member] = null;

        await server.Anonymous.PostAsync("api/agent/enroll", JsonContent.Create(broken)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Anonymous.PostAsync("api/agent/enroll", JsonContent.Create(body)).JsonAsync();
    }

    [Fact]
    public async Task A_node_is_made_enrolled_seen_and_deleted()
    {
        var created = await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "life-1", labels = new { region = "eu" } })).JsonAsync(HttpStatusCode.Created);
        var url = server.Anonymous.BaseAddress!.ToString().TrimEnd('/');
        using var script = await server.Anonymous.GetAsync("api/install.sh");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await script.Content.ReadAsByteArrayAsync()));
        script.Headers.GetValues("X-Checksum-Sha256").ShouldBe([hash]);
        ((string)created["installCommand"]!).ShouldBe(
            $"script=$(mktemp) && curl -fsSL '{url}/api/install.sh' -o \"$script\" && echo \"{hash}  $script\" | sha256sum --check --quiet && sh \"$script\" --url '{url}' --token '{created["enrollmentToken"]}'");
        ((string)(await server.Admin.GetAsync("api/nodes/life-1").JsonAsync())["state"]!).ShouldBe("pending");
        await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "life-1" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "node-exists");

        await using (await SimulatedAgent.EnrollAsync(server.Anonymous, (string)created["enrollmentToken"]!))
        {
            await ApiServer.UntilAsync(async () => (string)(await server.Admin.GetAsync("api/nodes/life-1").JsonAsync())["state"]! == "online");
        }

        var node = await server.Admin.GetAsync("api/nodes/life-1").JsonAsync();
        ((string)node["labels"]!["region"]!).ShouldBe("eu");
        ((string)node["facts"]!["system"]!).ShouldBe("x86_64-linux");
        (await server.Admin.GetAsync("api/nodes").JsonAsync())["items"]!.AsArray().ShouldContain(n => (string)n!["id"]! == "life-1");
        await server.ProjectAsync("life-shop", "life-1");
        await server.Admin.DeleteAsync("api/nodes/life-1").ShouldBeProblemAsync(HttpStatusCode.Conflict, "node-in-use");
        await server.Admin.DeleteAsync("api/projects/life-shop").ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.DeleteAsync("api/nodes/life-1").ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.GetAsync("api/nodes/life-1").ShouldBeProblemAsync(HttpStatusCode.NotFound, "node-not-found");
    }

    [Fact]
    public async Task An_enrolment_token_enrols_once_until_it_is_renewed()
    {
        var created = await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "once-1" })).JsonAsync(HttpStatusCode.Created);
        var token = (string)created["enrollmentToken"]!;
        await using var first = await SimulatedAgent.EnrollAsync(server.Anonymous, token);

        await EnrollAsync(token).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "enrollment-refused");

        var renewed = await server.Admin.PostAsync("api/nodes/once-1/enrollment", null).JsonAsync(HttpStatusCode.Created);
        await using var second = await SimulatedAgent.EnrollAsync(server.Anonymous, (string)renewed["enrollmentToken"]!);
        second.Identity.AgentToken.ShouldNotBe(first.Identity.AgentToken);
    }

    [Fact]
    public async Task Keys_that_are_none_are_refused_and_do_not_use_the_token_up()
    {
        var created = await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "keys-1" })).JsonAsync(HttpStatusCode.Created);
        var token = (string)created["enrollmentToken"]!;
        var wrong = SimulatedAgent.NewKeys().Request(token) with { SigningKey = "AAAA", SealingKey = "not base64" };

        var problem = await server.Anonymous.PostAsync("api/agent/enroll", JsonContent.Create(wrong, ContractsJson.Default.EnrollRequest)).JsonAsync(HttpStatusCode.BadRequest);

        problem["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["$.signingKey", "$.sealingKey"]);
        await EnrollAsync(token).JsonAsync();
    }

    [Fact]
    public async Task A_nodes_credentials_open_its_own_queue_and_no_other()
    {
        await using var one = await server.AgentAsync("queue-1");
        await using var two = await server.AgentAsync("queue-2");
        var message = new OutgoingMessage { MessageId = "x", Body = "x"u8.ToArray() };
        await using var commands = Sender(one, one.Identity.Commands.KeyName, one.Identity.Commands.Key);
        await using var events = Sender(one, one.Identity.Events.KeyName, one.Identity.Events.Key);

        (await Should.ThrowAsync<QueueException>(() => commands.SendAsync(two.Identity.Commands.Queue, message))).Error.ShouldBe(QueueError.Unauthorized);
        (await Should.ThrowAsync<QueueException>(() => commands.SendAsync(one.Identity.Commands.Queue, message))).Error.ShouldBe(QueueError.Unauthorized);
        (await Should.ThrowAsync<QueueException>(() => events.SendAsync(two.Identity.Commands.Queue, message))).Error.ShouldBe(QueueError.Unauthorized);
    }

    [Fact]
    public async Task The_agents_binary_comes_with_its_checksum()
    {
        using var response = await server.Anonymous.GetAsync("api/agent/binary/linux-x64");

        var bytes = await response.Content.ReadAsByteArrayAsync();
        System.Text.Encoding.UTF8.GetString(bytes).ShouldBe("the agent");
        response.Headers.GetValues("X-Checksum-Sha256").Single().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        (await server.Anonymous.GetStringAsync("api/install.sh")).ShouldStartWith("#!/bin/sh");
        await server.Anonymous.GetAsync("api/agent/binary/linux-riscv64").ShouldBeProblemAsync(HttpStatusCode.NotFound, "agent-binary-not-found");
        await server.Anonymous.GetAsync("api/agent/binary/..%2F..%2Fadmin-token").ShouldBeProblemAsync(HttpStatusCode.NotFound, "agent-binary-not-found");
    }

    [Fact]
    public async Task A_project_with_mistakes_is_told_all_of_them()
    {
        var problem = await server.Admin.PostAsync("api/projects", JsonContent.Create(new { id = "No!", repository = "nowhere", nodes = new[] { "nobody" } })).JsonAsync(HttpStatusCode.BadRequest);

        problem["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["$.id", "$.repository", "$.nodes[0]"]);
    }

    [Fact]
    public async Task A_project_is_changed_in_the_fields_that_are_given()
    {
        await using var agent = await server.AgentAsync("patch-1");
        await server.ProjectAsync("patch-shop", "patch-1");

        var changed = await server.Admin.PatchAsync("api/projects/patch-shop", JsonContent.Create(new { branch = "stable", autoDeploy = false })).JsonAsync();

        ((string)changed["branch"]!).ShouldBe("stable");
        ((bool)changed["autoDeploy"]!).ShouldBeFalse();
        ((string)changed["repository"]!).ShouldBe("/srv/git/app.git");
        changed["webhookSecret"].ShouldBeNull();
        await server.Admin.PatchAsync("api/projects/patch-shop", JsonContent.Create(new { id = "other", nodes = Array.Empty<string>() })).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.PatchAsync("api/projects/nobody", JsonContent.Create(new { branch = "x" })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "project-not-found");
    }

    private static QueueSender Sender(SimulatedAgent agent, string name, string key) =>
        new(new() { Endpoint = new Uri(agent.Identity.QueueEndpoint), KeyName = name, Key = key, OperationTimeout = TimeSpan.FromSeconds(10) }, NullLogger<QueueSender>.Instance);

    private Task<HttpResponseMessage> EnrollAsync(string token) =>
        server.Anonymous.PostAsync("api/agent/enroll", JsonContent.Create(SimulatedAgent.NewKeys().Request(token), ContractsJson.Default.EnrollRequest));
}
