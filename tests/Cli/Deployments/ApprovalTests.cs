using System.Collections.Concurrent;
using System.Text;
using VpsPilot.Cli.Tests.Running;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Tests;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Cli.Tests.Deployments;

public sealed class ApprovalTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Canary = """{ "deployment": { "rollout": "canary", "canary": { "nodes": 1, "bake": "1s", "approval": true } } }""";

    private readonly ConcurrentDictionary<string, ServingRelease> serving = new(StringComparer.Ordinal);

    [Fact]
    public async Task Who_follows_a_canary_is_told_that_it_waits_and_what_to_type()
    {
        await using var project = await ProjectFixture.CreateAsync(server, "first", 2);
        (await server.Admin.PatchAsync("api/projects/first", new StringContent(Canary, Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        foreach (var agent in project.Agents)
        {
            agent.Answer = command =>
            {
                var result = SimulatedAgent.Succeed(command);
                if (result.Serving is { } release)
                {
                    serving[agent.NodeId] = release;
                }

                return result;
            };
        }

        using var end = new CancellationTokenSource();
        var beating = Task.WhenAll(project.Agents.Select(agent => BeatAsync(agent, end.Token)));
        await using var terminal = Terminal.Start(project.Program, "vpspilot deploy --follow");
        await terminal.UntilAsync("first-1: good so far, waiting for your word: vpspilot approve");

        (await project.Program.RunAsync("approve")).Good().ShouldMatch("^Deployment [0-9a-f]{32} of first is ");

        (await terminal.ExitAsync()).ShouldBe(0);
        terminal.Text.ShouldContain("aaaaaaaaaaaa serves on 2 nodes.");
        await end.CancelAsync();
        await beating;
    }

    /// <summary>Says, again and again, what serves: a canary is judged by what its node says of itself.</summary>
    private async Task BeatAsync(SimulatedAgent agent, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var on = serving.TryGetValue(agent.NodeId, out var release) ? new Dictionary<string, ServingRelease>(StringComparer.Ordinal) { ["first"] = release } : [];
            await agent.SendAsync(null, new Heartbeat { AgentVersion = "0.1.0", Facts = TestData.Facts, Serving = on });
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }
}
