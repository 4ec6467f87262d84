using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

[Collection(StackCollection.Name)]
public sealed class OperationTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 300_000)]
    public async Task A_static_site_is_served_and_a_new_version_replaces_it()
    {
        var app = await stack.CreateProjectAsync("site", StackFixture.Sample("static"));
        await app.WithShortWatchAsync();
        var first = await stack.PushAndWaitAsync(app, "site", "First");
        first.Status().ShouldBe("succeeded", first.ToJsonString());
        var port = (int)first["nodes"]![0]!["release"]!["port"]!;
        (await RunningApp.BodyAsync(stack.Vps, port)).ShouldContain("<html");

        await app.WriteAsync("site/index.html", "<html><body>second version</body></html>");
        var second = await stack.PushAndWaitAsync(app, "site", "Second");

        second.Status().ShouldBe("succeeded", second.ToJsonString());
        (await RunningApp.BodyAsync(stack.Vps, port)).ShouldContain("second version");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_rollback_brings_the_earlier_release_back_without_a_build()
    {
        var app = await stack.CreateProjectAsync("back", StackFixture.Sample("nodejs"));
        await app.WithShortWatchAsync();
        (await stack.PushAndWaitAsync(app, "back", "Version 1.0.0")).Status().ShouldBe("succeeded");
        await app.EditAsync("package.json", "\"version\": \"1.0.0\"", "\"version\": \"1.1.0\"");
        (await stack.PushAndWaitAsync(app, "back", "Version 1.1.0")).Status().ShouldBe("succeeded");
        (await stack.Api.GetAsync("api/projects/back/releases"))["items"]!.AsArray().Select(r => (int)r!["generation"]!).Order().ShouldBe([1, 2]);

        var started = await stack.Api.PostAsync("api/projects/back/rollback", new JsonObject { ["to"] = "previous" });
        var ended = await new DeploymentFollower(stack.Api).FollowAsync((string)started["id"]!, Deploying.Limit);

        ended.Status().ShouldBe("succeeded", ended.ToJsonString());
        ended.Stages().ShouldNotContain("compile");
        (await RunningApp.AskAsync(stack.Vps, "back")).Version.ShouldBe("1.0.0");
    }

    [VpsFact(Timeout = 300_000)]
    public async Task A_canceled_build_is_really_stopped_on_the_node()
    {
        var app = await stack.CreateProjectAsync("canceled", StackFixture.Sample("nodejs"));
        await app.EditAsync("config.vpspilot.json", "\"npm ci\"", "\"npm ci\", \"sleep 3141\"");
        var commit = await app.PushAsync("A build without end");
        var follower = new DeploymentFollower(stack.Api);
        var id = await follower.FindAsync("canceled", commit, TimeSpan.FromSeconds(15));
        await UntilAsync(async () => await IsSleepingAsync());

        await stack.Api.PostAsync($"api/deployments/{id}/cancel", new JsonObject());
        var ended = await follower.FollowAsync(id, TimeSpan.FromSeconds(30));

        ended.Status().ShouldBe("canceled", ended.ToJsonString());
        await UntilAsync(async () => !await IsSleepingAsync());
    }

    private async Task<bool> IsSleepingAsync() => (await stack.Vps.ExecAsync("pgrep", "-f", "sleep 3141")).ExitCode == 0;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(200, limit.Token);
        }
    }
}
