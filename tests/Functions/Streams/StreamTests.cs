using System.Net;
using System.Net.Http.Json;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Streams;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Streams;

/// <summary>Streams of a deployment's progress, of everything, and of a growing log, over real HTTP.</summary>
public sealed class StreamTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_deployment_is_followed_from_its_first_stage_to_its_end()
    {
        await using var agent = await server.AgentAsync("stream-1");
        CommandEnvelope? activate = null;
        agent.Answer = c => c.Body is ActivateCommand ? Keep(c, ref activate) : SimulatedAgent.Succeed(c);
        await server.ProjectAsync("stream-shop", "stream-1");
        var id = await DeployAsync("stream-shop");

        await using var first = await EventReader.OpenAsync(server.Admin, $"api/deployments/{id}/events");
        var (isWatched, isNodeSeen, isSelfSeen) = (false, false, false);
        var seen = await first.UntilAsync(e =>
        {
            isWatched |= e.Name == "step" && (string)e.Data["stage"]! == "watch" && (string)e.Data["state"]! == "completed";
            isNodeSeen |= e.Name == "node" && (string)e.Data["nodeId"]! == "stream-1";
            isSelfSeen |= e.Name == "deployment" && (string)e.Data["id"]! == id;
            return isWatched && isNodeSeen && isSelfSeen && e.Id is not null;
        });
        var last = seen[^1].Id!;

        // Cut off and back again: what happens from now on comes, and the stream ends with the deployment.
        await using var second = await EventReader.OpenAsync(server.Admin, $"api/deployments/{id}/events", last);
        await ApiServer.UntilAsync(() => Task.FromResult(activate is not null));
        await agent.SendAsync(activate, SimulatedAgent.Succeed(activate!));
        var rest = await second.UntilAsync(e => e.Name == "end");
        rest.ShouldContain(e => e.Name == "deployment" && (string)e.Data["status"]! == "succeeded");
        (await second.NextAsync()).ShouldBeNull();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/deployments/{id}/events");
        request.Headers.Add("Last-Event-ID", rest[^1].Id);
        await server.Admin.SendAsync(request).ShouldBeAsync(HttpStatusCode.NoContent);
        await server.Admin.GetAsync($"api/deployments/{new string('0', 32)}/events").ShouldBeProblemAsync(HttpStatusCode.NotFound, "deployment-not-found");
        await server.Anonymous.GetAsync($"api/deployments/{id}/events").ShouldBeAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_overview_hears_every_change_and_after_a_cut_those_it_missed()
    {
        await using var agent = await server.AgentAsync("over-1");
        await server.ProjectAsync("over-a", "over-1");
        await server.ProjectAsync("over-b", "over-1");
        await using var all = await EventReader.OpenAsync(server.Admin, "api/events");
        await using var one = await EventReader.OpenAsync(server.Admin, "api/events?project=over-b");

        var a = await DeployAsync("over-a");
        var seen = await all.UntilAsync(e => IsEnd(e, a));
        ((string[])["queued", "building", "activating", "succeeded"]).ShouldBeSubsetOf(seen.Where(e => (string?)e.Data["deploymentId"] == a).Select(e => (string)e.Data["status"]!));
        var cut = seen[^1].Id!;
        await all.DisposeAsync();

        var b = await DeployAsync("over-b");
        await server.EndAsync(b);
        await agent.SendAsync(null, new Alert("disk-full", "2% is left."));

        await using var again = await EventReader.OpenAsync(server.Admin, "api/events", cut);
        var missed = await again.UntilAsync(e => e.Name == "alert");
        missed.ShouldContain(e => IsEnd(e, b));
        missed.ShouldNotContain(e => (string?)e.Data["deploymentId"] == a);
        missed.Select(e => e.Id).Distinct().Count().ShouldBe(missed.Count);
        (await one.UntilAsync(e => IsEnd(e, b))).ShouldAllBe(e => (string)e.Data["projectId"]! == "over-b");
    }

    [Fact]
    public async Task Who_was_away_for_too_long_is_told_to_read_all_again()
    {
        await using var stream = await EventReader.OpenAsync(server.Admin, "api/events", ChangeLog.KeyAt(TimeProvider.System.GetUtcNow().AddHours(-2)) + "x");
        (await stream.NextAsync())!.Name.ShouldBe("reset");

        await using var nonsense = await EventReader.OpenAsync(server.Admin, "api/events", "nonsense");
        (await nonsense.NextAsync())!.Name.ShouldBe("reset");
    }

    [Fact]
    public async Task A_limited_token_hears_of_its_projects_alone()
    {
        await using var agent = await server.AgentAsync("scope-1");
        await server.ProjectAsync("scope-a", "scope-1");
        await server.ProjectAsync("scope-b", "scope-1");
        var token = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "limited", role = "viewer", projects = new[] { "scope-b" } })).JsonAsync(HttpStatusCode.Created);
        using var limited = server.WithToken((string)token["token"]!);
        await using var stream = await EventReader.OpenAsync(limited, "api/events");

        await server.EndAsync(await DeployAsync("scope-a"));
        var b = await DeployAsync("scope-b");

        (await stream.UntilAsync(e => IsEnd(e, b))).ShouldAllBe(e => (string)e.Data["projectId"]! == "scope-b");
    }

    [Fact]
    public async Task A_log_is_followed_while_it_grows_until_the_deployment_has_ended()
    {
        await using var agent = await server.AgentAsync("tail-1");
        CommandEnvelope? build = null;
        agent.Answer = c => c.Body is BuildCommand ? Keep(c, ref build) : SimulatedAgent.Succeed(c);
        await server.ProjectAsync("tail-shop", "tail-1");
        var id = await DeployAsync("tail-shop");
        await ApiServer.UntilAsync(() => Task.FromResult(build is not null));

        using var response = await server.Admin.GetAsync($"api/deployments/{id}/log?follow=1", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await agent.AppendLogAsync(id, 0, "one\n").ShouldBeAsync(HttpStatusCode.OK);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("one");
        await agent.AppendLogAsync(id, 4, "two\n").ShouldBeAsync(HttpStatusCode.OK);
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("two");

        await agent.SendAsync(build, SimulatedAgent.Succeed(build!));
        await server.EndAsync(id);
        await agent.AppendLogAsync(id, 8, "late\n").ShouldBeAsync(HttpStatusCode.OK);

        (await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("late\n");
        (await server.Admin.GetStringAsync($"api/deployments/{id}/log?offset=4")).ShouldBe("two\nlate\n");
        await server.Admin.GetAsync($"api/deployments/{id}/log?offset=x").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static bool IsEnd(ServerEvent e, string deployment) => (string?)e.Data["deploymentId"] == deployment && (string)e.Data["status"]! == "succeeded";

    private static CommandResult? Keep(CommandEnvelope command, ref CommandEnvelope? memory)
    {
        memory = command;
        return null;
    }

    private async Task<string> DeployAsync(string project) =>
        (string)(await server.Admin.PostAsync($"api/projects/{project}/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
}
