using System.Net;
using System.Net.Http.Json;
using Microsoft.DurableTask.Client;
using VpsPilot.Functions.Schedules;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Schedules;

/// <summary>The purge, on the real engine.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Histories_and_logs_of_old_deployments_go_and_their_rows_stay()
    {
        var server = new ApiServer { Settings = ["--Retention:Finished=00:00:02"] };
        await server.InitializeAsync();
        try
        {
            await using var agent = await server.AgentAsync("old-1");
            await server.ProjectAsync("old-shop", "old-1");
            var started = await server.Admin.PostAsync("api/projects/old-shop/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted);
            var id = (string)started["id"]!;
            await agent.AppendLogAsync(id, 0, "a log\n").ShouldBeAsync(HttpStatusCode.OK);
            await server.EndAsync(id);
            var client = server.Get<DurableTaskClient>();

            await ApiServer.UntilAsync(async () => await server.Get<Retention>().RunAsync(client, default) == 0 && await client.GetInstanceAsync(id) is null);

            (await server.Admin.GetStringAsync($"api/deployments/{id}/log")).ShouldBe("");
            ((string)(await server.Admin.GetAsync($"api/deployments/{id}").JsonAsync())["status"]!).ShouldBe("succeeded");
        }
        finally
        {
            await server.DisposeAsync();
            server.Dispose();
        }
    }

    [Fact]
    public async Task What_is_young_stays()
    {
        var server = new ApiServer();
        await server.InitializeAsync();
        try
        {
            await using var agent = await server.AgentAsync("young-1");
            await server.ProjectAsync("young-shop", "young-1");
            var started = await server.Admin.PostAsync("api/projects/young-shop/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted);
            await server.EndAsync((string)started["id"]!);

            (await server.Get<Retention>().RunAsync(server.Get<DurableTaskClient>(), default)).ShouldBe(0);
            (await server.Get<DurableTaskClient>().GetInstanceAsync((string)started["id"]!)).ShouldNotBeNull();
        }
        finally
        {
            await server.DisposeAsync();
            server.Dispose();
        }
    }
}
