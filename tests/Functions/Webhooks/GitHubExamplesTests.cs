using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>Every example payload that GitHub publishes, signed and delivered.</summary>
public sealed class GitHubExamplesTests : IAsyncLifetime
{
    private readonly WebhookRig rig = new();

    [Fact]
    public async Task The_example_pushes_deploy_their_branch_and_their_tag_and_deletions_deploy_nothing()
    {
        await rig.ProjectAsync("github", p => p with { Branches = ["master"], Tags = ["*"] });
        var pushes = GitHubExamples.Of("push");
        pushes.Count.ShouldBeGreaterThan(4);

        foreach (var (i, push) in pushes.Index())
        {
            var answer = rig.GitHubAsync(push.ToJsonString(), delivery: $"example-{i}");
            if ((bool)push["deleted"]!)
            {
                (await WebhookRig.ReasonAsync(answer)).ShouldEndWith("was deleted");
                continue;
            }

            var deployment = await rig.DeploymentAsync(answer);
            deployment.Commit.ShouldBe((string)push["after"]!);
            deployment.RequestedBy.ShouldBe("Codertocat");
            deployment.Subject.ShouldBe(((string)push["head_commit"]!["message"]!).Split('\n')[0]);
            ("refs/heads/" + deployment.Branch == (string)push["ref"]! || deployment.Branch == (string)push["ref"]!).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Every_other_example_is_answered_and_starts_nothing()
    {
        await rig.ProjectAsync("github", p => p with { Branches = ["**"], Tags = ["**"] });
        var others = GitHubExamples.Events.Where(e => e != "push").ToList();
        others.ShouldContain("ping");
        others.ShouldContain("delete");

        foreach (var (name, payload) in others.SelectMany(e => GitHubExamples.Of(e).Select(p => (e, p))))
        {
            (await rig.GitHubAsync(payload.ToJsonString(), name)).ShouldBeAssignableTo<IStatusCodeActionResult>()!.StatusCode.ShouldBe(200, name);
        }

        (await rig.CountAsync()).ShouldBe(0);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => rig.DisposeAsync().AsTask();
}
