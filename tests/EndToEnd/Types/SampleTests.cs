using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests.Types;

/// <summary>Each type's sample is deployed, redeployed and rolled back on the real VPS.</summary>
[Collection(StackCollection.Name)]
public sealed class SampleTests(StackFixture fixture)
{
    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsTheory(Timeout = 900_000)]
    [InlineData("express", "package.json", "v22.")]
    [InlineData("vite", "package.json", "v22.")]
    [InlineData("go", "main.go", "go1.24")]
    [InlineData("python", "main.py", "3.13")]
    [InlineData("django", "shop/urls.py", "3.13")]
    [InlineData("ruby", "app.rb", "3.3")]
    [InlineData("laravel", "public/index.php", "8.4")]
    [InlineData("php-node", "src/App.php", "8.4")]
    [InlineData("custom", "flake.nix", "2.")]
    public async Task A_sample_is_deployed_redeployed_and_rolled_back(string sample, string versionFile, string runtime)
    {
        var project = "type-" + sample;
        var app = await stack.CreateProjectAsync(project, StackFixture.Sample(sample));
        await app.WithShortWatchAsync();
        if (sample == "django")
        {
            await stack.Api.PutAsync($"api/projects/{project}/env/SECRET_KEY", new JsonObject { ["value"] = "x'y\"z $1 %h" });
        }

        var first = await stack.PushAndWaitAsync(app, project, "Version 1.0.0");
        var answer = await stack.ServedByAsync(first);
        answer.ShouldContain("\"1.0.0\"");
        answer.ShouldContain('"' + runtime);
        if (sample == "django")
        {
            ((bool)JsonNode.Parse(answer)!["secret"]!).ShouldBeTrue();
        }

        await app.EditAsync(versionFile, "1.0.0", "1.1.0");
        var second = await stack.PushAndWaitAsync(app, project, "Version 1.1.0");
        (await stack.ServedByAsync(second)).ShouldContain("\"1.1.0\"");

        var started = await stack.Api.PostAsync($"api/projects/{project}/rollback", new JsonObject { ["to"] = "previous" });
        var back = await new DeploymentFollower(stack.Api).FollowAsync((string)started["id"]!, Deploying.Limit);
        back.Stages().ShouldNotContain("compile");
        (await stack.ServedByAsync(back)).ShouldBe(answer);
    }
}
