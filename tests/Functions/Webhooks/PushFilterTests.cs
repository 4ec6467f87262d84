using System.Text;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>Filters of branches, tags and paths, through real deliveries.</summary>
public sealed class PushFilterTests : IAsyncLifetime
{
    private const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private readonly WebhookRig rig = new();

    [Theory]
    [InlineData("refs/heads/main", true)]
    [InlineData("refs/heads/release/1.2", true)]
    [InlineData("refs/heads/release/old", false)]
    [InlineData("refs/heads/feature", false)]
    [InlineData("refs/tags/v1.0", true)]
    [InlineData("refs/tags/nightly", false)]
    [InlineData("refs/notes/v1", false)]
    public async Task Patterns_choose_branches_and_tags(string reference, bool deploys)
    {
        await rig.ProjectAsync("github", p => p with { Branches = ["main", "release/*", "!release/old"], Tags = ["v*"] });

        if (deploys)
        {
            (await rig.DeploymentAsync(rig.GitHubAsync(Push(reference)))).Branch.ShouldBe(reference.Replace("refs/heads/", "", StringComparison.Ordinal));
        }
        else
        {
            await WebhookRig.ReasonAsync(rig.GitHubAsync(Push(reference)));
            (await rig.CountAsync()).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("services/api/main.go", true)]
    [InlineData("services/api/deep/x.go", true)]
    [InlineData("services/api/README.md", false)]
    [InlineData("services/web/main.ts", false)]
    [InlineData("go.mod", true)]
    public async Task A_push_deploys_when_a_path_that_matters_was_added_modified_or_removed(string path, bool deploys)
    {
        await rig.ProjectAsync("github", p => p with { Paths = ["services/api/", "!**/*.md", "go.mod"] });

        foreach (var list in (string[])["added", "modified", "removed"])
        {
            var answer = rig.GitHubAsync(Push("refs/heads/main", $$"""[{"{{list}}":["other"]},{"{{list}}":["{{path}}"]}]"""), delivery: list);
            if (deploys)
            {
                await rig.DeploymentAsync(answer);
            }
            else
            {
                (await WebhookRig.ReasonAsync(answer)).ShouldBe("no path that the project deploys for was changed");
            }
        }
    }

    [Theory]
    [InlineData("\"created\":true", 1)]
    [InlineData("\"forced\":true", 1)]
    [InlineData("\"forced\":false", 0)]
    [InlineData("\"forced\":false", 2048)]
    public async Task A_push_that_does_not_tell_every_path_deploys(string flag, int commits)
    {
        await rig.ProjectAsync("github", p => p with { Paths = ["services/api/**"] });
        var list = string.Join(',', Enumerable.Repeat("""{"added":["other"]}""", commits));

        await rig.DeploymentAsync(rig.GitHubAsync(Push("refs/heads/main", $"[{list}]", flag)));
    }

    [Fact]
    public async Task A_commit_with_too_many_paths_deploys()
    {
        await rig.ProjectAsync("github", p => p with { Paths = ["services/api/**"] });
        var paths = new StringBuilder("\"x\"");
        for (var i = 1; i < 3000; i++)
        {
            paths.Append(",\"x\"");
        }

        await rig.DeploymentAsync(rig.GitHubAsync(Push("refs/heads/main", $$"""[{"added":[{{paths}}]}]""")));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(25, false)]
    public async Task GitLab_and_Gitea_say_how_many_commits_they_left_out(int total, bool isComplete)
    {
        foreach (var provider in (string[])["gitlab", "gitea"])
        {
            await using var own = new WebhookRig();
            await own.ProjectAsync(provider, p => p with { Paths = ["api/**"] });
            var body = $$"""{"ref":"refs/heads/main","before":"{{B}}","after":"{{A}}","commits":[{"id":"{{A}}","added":["web/x"]}],"total_commits":{{total}},"total_commits_count":{{total}}}""";
            var answer = provider == "gitlab" ? own.GitLabAsync(body) : own.GiteaAsync(body);

            if (isComplete)
            {
                await WebhookRig.ReasonAsync(answer);
            }
            else
            {
                await own.DeploymentAsync(answer);
            }
        }
    }

    [Theory]
    [InlineData("Fix [skip deploy]")]
    [InlineData("Fix\\n\\n[Skip Deploy]")]
    public async Task A_commit_can_ask_not_to_be_deployed(string message)
    {
        await rig.ProjectAsync("github");

        (await WebhookRig.ReasonAsync(rig.GitHubAsync(Push("refs/heads/main", message: message)))).ShouldBe("the commit's message says [skip deploy]");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => rig.DisposeAsync().AsTask();

    private static string Push(string reference, string commits = "[]", string flag = "\"created\":false", string message = "A subject") =>
        $$$"""{"ref":"{{{reference}}}","before":"{{{B}}}","after":"{{{A}}}",{{{flag}}},"head_commit":{"id":"{{{A}}}","message":"{{{message}}}"},"commits":{{{commits}}}}""";
}
