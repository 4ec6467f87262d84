using System.Net;
using System.Net.Http.Json;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Functions.Tests.Api;

public sealed class RestartTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task A_deployment_goes_on_where_it_was_when_the_control_plane_starts_again()
    {
        await using var agent = await server.AgentAsync("restart-1");
        CommandEnvelope? build = null;
        agent.Answer = c =>
        {
            if (c.Body is BuildCommand)
            {
                build = c;
                return null;
            }

            return SimulatedAgent.Succeed(c);
        };
        await server.ProjectAsync("restart-shop", "restart-1");
        var id = (string)(await server.Admin.PostAsync("api/projects/restart-shop/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
        await ApiServer.UntilAsync(() => Task.FromResult(build is not null));

        await server.RestartAsync();

        ((string)(await server.Admin.GetAsync($"api/deployments/{id}").JsonAsync())["status"]!).ShouldBe("building");
        await agent.SendAsync(build, SimulatedAgent.Succeed(build!));
        ((string)(await server.EndAsync(id))["status"]!).ShouldBe("succeeded");
    }
}
