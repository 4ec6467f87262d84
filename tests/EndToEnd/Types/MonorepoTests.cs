using System.Text.Json.Nodes;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests.Types;

[Collection(StackCollection.Name)]
public sealed class MonorepoTests(StackFixture fixture)
{
    private static readonly string[] Projects = ["api", "site"];

    private readonly LocalStack stack = TestVps.Available ? fixture.Stack : null!;

    [VpsFact(Timeout = 900_000)]
    public async Task One_push_deploys_both_projects_of_a_repository_each_by_its_own_config()
    {
        var app = await stack.CreateRepositoryAsync("monorepo", StackFixture.Sample("monorepo"));
        foreach (var project in Projects)
        {
            await app.EditAsync($"{project}/config.vpspilot.json", "\"10s\"", "\"2s\"");
            await stack.AddProjectAsync(app, "mono-" + project, $"{project}/config.vpspilot.json");
        }

        (await PushAsync(app, "1.0.0")).ShouldSatisfyAllConditions(
            a => ((string)JsonNode.Parse(a[0])!["app"]!).ShouldBe("api"),
            a => a[0].ShouldContain("\"v22."),
            a => a[1].ShouldContain("<title>site</title>"),
            a => a[1].ShouldContain("\"v20."));

        await app.EditAsync("shared/about.js", "1.0.0", "1.1.0");
        await PushAsync(app, "1.1.0");
    }

    /// <summary>What each project answers after the push; both must tell the version.</summary>
    private async Task<IReadOnlyList<string>> PushAsync(AppRepository app, string version)
    {
        var commit = await app.PushAsync($"Version {version}");
        var follower = new DeploymentFollower(stack.Api);
        var answers = await Task.WhenAll(Projects.Select(async project =>
        {
            var deployment = await follower.FindAsync("mono-" + project, commit, TimeSpan.FromSeconds(30));
            return await stack.ServedByAsync(await follower.FollowAsync(deployment, Deploying.Limit));
        }));
        answers.ShouldAllBe(a => a.Contains('"' + version + '"'));
        return answers;
    }
}
