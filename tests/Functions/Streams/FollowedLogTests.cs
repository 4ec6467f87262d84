using System.Net;
using System.Net.Http.Json;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Streams;

/// <summary>A followed log ends where it is silent for too long for a proxy, and goes on from an offset.</summary>
public sealed class FollowedLogTests(FollowedLogTests.Impatient impatient) : IClassFixture<FollowedLogTests.Impatient>
{
    private readonly ApiServer server = impatient.Server;

    [Fact]
    public async Task The_output_of_an_operation_ends_in_silence_and_goes_on_from_an_offset()
    {
        await using var agent = await server.AgentAsync("quiet-1");
        await server.ProjectAsync("quiet", agent.NodeId);
        CommandEnvelope? running = null;
        agent.Answer = command =>
        {
            running = command;
            return null;
        };
        var id = (string)(await server.Admin.PostAsync("api/projects/quiet/run", JsonContent.Create(new { command = "sleep 9" })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
        await ApiServer.UntilAsync(() => Task.FromResult(running is not null));
        await agent.AppendLogAsync(id, 0, "one\n").ShouldBeAsync(HttpStatusCode.OK);

        (await server.Admin.GetStringAsync($"api/operations/{id}/log?follow=1")).ShouldBe("one\n");
        ((string)(await server.Admin.GetAsync($"api/operations/{id}").JsonAsync())["status"]!).ShouldBe("running");

        await agent.AppendLogAsync(id, 4, "two\n").ShouldBeAsync(HttpStatusCode.OK);
        (await server.Admin.GetStringAsync($"api/operations/{id}/log?node=quiet-1&offset=4")).ShouldBe("two\n");
        await agent.SendAsync(running, new CommandResult { Outcome = CommandOutcome.Succeeded, ExitCode = 0 });
        (await server.Admin.GetStringAsync($"api/operations/{id}/log?offset=4&follow=1")).ShouldBe("two\n");
        await server.Admin.GetAsync($"api/operations/{id}/log?offset=-1").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.GetAsync($"api/operations/{id}/log?node=other").ShouldBeProblemAsync(HttpStatusCode.NotFound, "node-not-found");
    }

    [Fact]
    public async Task A_projects_own_output_goes_on_as_its_operation_until_the_caller_leaves()
    {
        await using var agent = await server.AgentAsync("quiet-2");
        await server.ProjectAsync("quiet-logs", agent.NodeId);
        var isCanceled = false;
        agent.Answer = command =>
        {
            isCanceled |= command.Body is CancelCommand;
            return null;
        };
        using var ended = await server.Admin.GetAsync("api/projects/quiet-logs/logs?follow=1");
        var place = ended.Content.Headers.GetValues("Content-Location").Single();
        var id = place.Split('/')[3];
        place.ShouldBe($"/api/operations/{id}/log");
        isCanceled.ShouldBeFalse();

        using (var response = await server.Admin.GetAsync($"{place}?follow=1", HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await agent.AppendLogAsync(id, 0, "line\n").ShouldBeAsync(HttpStatusCode.OK);
            (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe("line");
        }

        await ApiServer.UntilAsync(() => Task.FromResult(isCanceled));
    }

    [Fact]
    public async Task The_log_of_a_deployment_ends_in_silence_while_the_deployment_goes_on()
    {
        await using var agent = await server.AgentAsync("quiet-3");
        agent.Answer = _ => null;
        await server.ProjectAsync("quiet-build", agent.NodeId);
        var id = (string)(await server.Admin.PostAsync("api/projects/quiet-build/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
        (await server.Admin.GetStringAsync($"api/deployments/{id}/log?follow=1")).ShouldBe("");
        (await server.Admin.GetAsync($"api/deployments/{id}").JsonAsync())["finishedAt"].ShouldBeNull();
    }

    public sealed class Impatient : IAsyncLifetime, IDisposable
    {
        /// <summary>Longer than the two seconds for which a client that leaves still reads, to use its connection again.</summary>
        public ApiServer Server { get; } = new() { Settings = ["--Streams:Silence=00:00:05"] };

        public Task InitializeAsync() => Server.InitializeAsync();

        public Task DisposeAsync() => Server.DisposeAsync();

        public void Dispose() => Server.Dispose();
    }
}
