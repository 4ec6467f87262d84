using System.Net;
using System.Net.Http.Json;
using VpsPilot.Contracts.Commands;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Operations;

public sealed class RollBackApiTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("previous")]
    [InlineData("other-slot")]
    [InlineData("backup")]
    public async Task A_rollback_says_where_to_and_with_which_values(string to)
    {
        await using var agent = await server.AgentAsync($"rb-{to}-1");
        await server.ProjectAsync($"rb-{to}", agent.NodeId);
        await server.Admin.PutAsync($"api/projects/rb-{to}/env/SECRET", JsonContent.Create(new { value = "s3cret" })).ShouldBeAsync(HttpStatusCode.NoContent);
        var commands = new List<RollBackCommand>();
        agent.Answer = command =>
        {
            commands.Add((RollBackCommand)command.Body);
            return SimulatedAgent.Succeed(command);
        };
        await server.EndAsync((string)(await BackAsync($"rb-{to}", new { to }))["id"]!);
        await server.EndAsync((string)(await BackAsync($"rb-{to}", new { to, environment = "current" }))["id"]!);
        commands.Select(c => (c.OtherSlot, c.FromBackup, c.Generation, c.ReleaseId, c.Environment is not null)).ShouldBe([(to == "other-slot", to == "backup", null, null, false), (to == "other-slot", to == "backup", null, null, true)]);
    }

    [Fact]
    public async Task A_commit_that_no_node_has_any_more_is_built_again()
    {
        await using var agent = await server.AgentAsync("rb-gone-1");
        await server.ProjectAsync("rb-gone", agent.NodeId);
        var commit = new string('d', 40);
        var deployment = await BackAsync("rb-gone", new { to = new { commit } });
        ((string)deployment["trigger"]!, (string)deployment["commit"]!).ShouldBe(("api", commit));
        ((string)(await server.EndAsync((string)deployment["id"]!))["status"]!).ShouldBe("succeeded");

        // Now the node has it, and it is gone back to without a build; the beginning of the id is enough.
        var release = await BackAsync("rb-gone", new { to = new { commit = TestData.Commit[..8] } });
        ((string)release["trigger"]!).ShouldBe("rollback");
    }

    [Fact]
    public async Task A_target_that_cannot_be_is_refused()
    {
        await using var agent = await server.AgentAsync("rb-wrong-1");
        await server.ProjectAsync("rb-wrong", agent.NodeId);
        foreach (var body in new object[] { new { to = "yesterday" }, new { to = new { commit = "abcdefg1" } }, new { to = new { generation = 0 } }, new { }, new { to = "previous", environment = "old" } })
        {
            await server.Admin.PostAsync("api/projects/rb-wrong/rollback", JsonContent.Create(body)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    private Task<System.Text.Json.Nodes.JsonNode> BackAsync(string project, object body) =>
        server.Admin.PostAsync($"api/projects/{project}/rollback", JsonContent.Create(body)).JsonAsync(HttpStatusCode.Accepted);
}
