using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

/// <summary>Each type's sample is deployed, redeployed and rolled back on the real VPS.</summary>
[Collection(StackCollection.Name)]
public sealed class TypeTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsTheory(Timeout = 300_000)]
    [InlineData("go", "main.go", "go1.24")]
    [InlineData("python", "main.py", "3.13")]
    [InlineData("django", "shop/urls.py", "3.13")]
    [InlineData("ruby", "app.rb", "3.3")]
    [InlineData("laravel", "public/index.php", "8.4")]
    public async Task A_sample_is_deployed_redeployed_and_rolled_back(string type, string versionFile, string runtime)
    {
        var project = "type-" + type;
        var app = await stack.CreateProjectAsync(project, StackFixture.Sample(type));
        await app.WithShortWatchAsync();
        if (type == "django")
        {
            await stack.Api.PutAsync($"api/projects/{project}/env/SECRET_KEY", new JsonObject { ["value"] = "x'y\"z $1 %h" });
        }

        var first = await stack.PushAndWaitAsync(app, project, "Version 1.0.0");
        first.Status().ShouldBe("succeeded", first.ToJsonString() + await stack.Api.GetTextAsync($"api/deployments/{first["id"]}/log"));
        var port = (int)first["nodes"]![0]!["release"]!["port"]!;
        var answer = JsonNode.Parse(await RunningApp.BodyAsync(stack.Vps, port))!;
        ((string)answer["version"]!).ShouldBe("1.0.0");
        ((string)answer["runtime"]!).ShouldStartWith(runtime);
        if (type == "django")
        {
            ((bool)answer["secret"]!).ShouldBeTrue();
        }

        await app.EditAsync(versionFile, "1.0.0", "1.1.0");
        var second = await stack.PushAndWaitAsync(app, project, "Version 1.1.0");
        second.Status().ShouldBe("succeeded", second.ToJsonString());
        ((string)JsonNode.Parse(await RunningApp.BodyAsync(stack.Vps, port))!["version"]!).ShouldBe("1.1.0");

        var rollback = await stack.Api.PostAsync($"api/projects/{project}/rollback", new JsonObject { ["to"] = "previous" });
        (await new DeploymentFollower(stack.Api).FollowAsync((string)rollback["id"]!, Deploying.Limit)).Status().ShouldBe("succeeded");
        ((string)JsonNode.Parse(await RunningApp.BodyAsync(stack.Vps, port))!["version"]!).ShouldBe("1.0.0");
    }
}
