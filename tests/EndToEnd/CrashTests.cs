using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

[Collection(StackCollection.Name)]
public sealed class CrashTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 300_000)]
    public async Task A_control_plane_killed_in_the_middle_of_a_deployment_finishes_it_after_its_restart()
    {
        var (app, deployment) = await StartSlowBuildAsync("plane-killed");

        await stack.Plane.RestartAsync();

        var ended = await new DeploymentFollower(stack.Api).FollowAsync(deployment, Deploying.Limit);
        ended.Status().ShouldBe("succeeded", ended.ToJsonString());
        (await RunningApp.AskAsync(stack.Vps, "plane-killed")).Version.ShouldBe("1.0.0");
        app.ShouldNotBeNull();
    }

    [VpsFact(Timeout = 300_000)]
    public async Task An_agent_killed_in_the_middle_of_a_build_finishes_it_after_its_restart()
    {
        var (_, deployment) = await StartSlowBuildAsync("agent-killed");

        await stack.Vps.RunAsync(["systemctl", "kill", "--signal=KILL", "vpspilot-agent.service"]);

        var ended = await new DeploymentFollower(stack.Api).FollowAsync(deployment, Deploying.Limit);
        ended.Status().ShouldBe("succeeded", ended.ToJsonString());
        (await RunningApp.AskAsync(stack.Vps, "agent-killed")).Version.ShouldBe("1.0.0");
    }

    private async Task<(AppRepository App, string Deployment)> StartSlowBuildAsync(string project)
    {
        var app = await stack.CreateProjectAsync(project, StackFixture.Sample("nodejs"));
        await app.WithShortWatchAsync();
        await app.EditAsync("config.vpspilot.json", "\"npm ci\"", "\"npm ci\", \"sleep 3\"");
        var commit = await app.PushAsync("A slow build");
        var compiling = new TaskCompletionSource();
        var follower = new DeploymentFollower(stack.Api)
        {
            OnStep = (_, step) =>
            {
                if ((string)step["stage"]! == "compile")
                {
                    compiling.TrySetResult();
                }
            },
        };
        var deployment = await follower.FindAsync(project, commit, TimeSpan.FromSeconds(15));
        using var stop = new CancellationTokenSource();
        var following = follower.FollowAsync(deployment, Deploying.Limit, stop.Token);
        await compiling.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);
        return (app, deployment);
    }
}
