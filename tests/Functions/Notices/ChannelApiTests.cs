using System.Net;
using System.Net.Http.Json;
using System.Text;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Notices;

/// <summary>Channels over HTTP, and a notice from a real deployment's failure to a real receiver.</summary>
public sealed class ChannelApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_failed_deployment_is_told_without_anyone_waiting_for_it()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var agent = await server.AgentAsync("tell-1");
        agent.Answer = c => c.Body is BuildCommand ? new() { Outcome = CommandOutcome.Failed, Failure = new("test", FailureKind.Exit, "npm test ended with exit code 1") } : SimulatedAgent.Succeed(c);
        await server.ProjectAsync("tell-shop", "tell-1");
        await server.Admin.PutAsync("api/projects/tell-shop/notices/ops", JsonContent.Create(new { kind = "webhook", url = receiver.Url, events = new[] { "failed" } })).JsonAsync(HttpStatusCode.Created);

        var started = await server.Admin.PostAsync("api/projects/tell-shop/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted);
        await server.EndAsync((string)started["id"]!);

        var told = (await receiver.OneAsync()).Json;
        ((string)told["deploymentId"]!).ShouldBe((string)started["id"]!);
        ((string)told["kind"]!).ShouldBe("failed");
    }

    [Fact]
    public async Task An_alert_of_a_node_is_told()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await server.Admin.PutAsync("api/notices/alerts", JsonContent.Create(new { kind = "webhook", url = receiver.Url, events = new[] { "emergency" } })).JsonAsync(HttpStatusCode.Created);
        await using var agent = await server.AgentAsync("tell-2");

        await agent.SendAsync(null, new Alert(AlertCodes.CommandRefused, "A command was refused."));
        await agent.SendAsync(null, new Alert(AlertCodes.RestoredFromBackup, "The last backup was put back."));

        var told = (await receiver.OneAsync()).Json;
        ((string)told["kind"]!).ShouldBe("emergency");
        ((string)told["nodeId"]!).ShouldBe("tell-2");
        await server.Admin.DeleteAsync("api/notices/alerts").ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_channel_is_made_shown_without_its_secrets_tried_changed_and_deleted()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        var url = receiver.Url + "services/T000/B000/secretpart";
        var made = await server.Admin.PutAsync("api/notices/ops", JsonContent.Create(new { kind = "webhook", url })).JsonAsync(HttpStatusCode.Created);
        ((string)made["secret"]!).Length.ShouldBe(64);

        var shown = (await server.Admin.GetAsync("api/notices").JsonAsync()).ToJsonString();
        shown.ShouldNotContain("secretpart");
        shown.ShouldNotContain((string)made["secret"]!);
        ((bool)(await server.Admin.PostAsync("api/notices/ops/test", null).JsonAsync())["isSent"]!).ShouldBeTrue();
        ((string)(await receiver.OneAsync()).Json["kind"]!).ShouldBe("test");

        // What is left out stays.
        var changed = await server.Admin.PutAsync("api/notices/ops", JsonContent.Create(new { kind = "webhook", events = new[] { "failed" } })).JsonAsync();
        changed["secret"].ShouldBeNull();
        receiver.Answer = _ => (500, "");
        var failed = await server.Admin.PostAsync("api/notices/ops/test", null).JsonAsync();
        ((string)failed["error"]!).ShouldBe("The receiver answered 500.");
        ((string)(await server.Admin.GetAsync("api/notices").JsonAsync())["items"]![0]!["lastError"]!).ShouldBe("The receiver answered 500.");
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory, "state.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain("secretpart");
        }

        (await server.Admin.GetAsync("api/audit?limit=200").JsonAsync()).ToJsonString().ShouldNotContain("secretpart");
        await server.Admin.DeleteAsync("api/notices/ops").ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.DeleteAsync("api/notices/ops").ShouldBeProblemAsync(HttpStatusCode.NotFound, "notice-not-found");
    }

    [Fact]
    public async Task All_mistakes_are_listed_and_nothing_is_stored()
    {
        var problem = await server.Admin.PutAsync("api/notices/bad", JsonContent.Create(new { kind = "email", events = Array.Empty<string>(), secret = "short", email = new { host = "no host", port = 0, from = "x", to = new[] { "a@b.example", "" } } })).JsonAsync(HttpStatusCode.BadRequest);

        problem["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["$.events", "$.email.host", "$.email.port", "$.email.from", "$.email.to", "$.secret"]);
        await server.Admin.PutAsync("api/notices/bad", JsonContent.Create(new { kind = "slack", url = "ftp://x" })).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.PutAsync("api/projects/nobody/notices/x", JsonContent.Create(new { kind = "slack", url = "https://x.example" })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "project-not-found");
        (await server.Admin.GetAsync("api/notices").JsonAsync())["items"]!.AsArray().ShouldNotContain(c => (string)c!["name"]! == "bad");
    }

    [Fact]
    public async Task A_status_token_is_for_a_repository_on_GitHub()
    {
        await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "status-1" })).ShouldBeAsync(HttpStatusCode.Created);
        await server.ProjectAsync("status-local", "status-1");
        await server.Admin.PostAsync("api/projects", JsonContent.Create(new { id = "status-hub", repository = "https://github.com/acme/shop", nodes = new[] { "status-1" } })).ShouldBeAsync(HttpStatusCode.Created);

        await server.Admin.PutAsync("api/projects/status-hub/status-token", JsonContent.Create(new { token = "ghp_x" })).ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.PutAsync("api/projects/status-hub/status-token", JsonContent.Create(new { token = "with space" })).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.PutAsync("api/projects/status-local/status-token", JsonContent.Create(new { token = "ghp_x" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "not-on-github");
        await server.Admin.DeleteAsync("api/projects/status-hub/status-token").ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.DeleteAsync("api/projects/status-hub/status-token").ShouldBeProblemAsync(HttpStatusCode.NotFound, "status-token-not-found");
    }
}
