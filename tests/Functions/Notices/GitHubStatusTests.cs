using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Notices.GitHub;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Tests.Notices;

/// <summary>What a stand-in for GitHub's API is told of a deployment.</summary>
public sealed class GitHubStatusTests : IAsyncLifetime
{
    private HttpReceiver github = null!;
    private NoticeRig rig = null!;

    public async Task InitializeAsync()
    {
        github = await HttpReceiver.StartAsync();
        github.Answer = r => r.Method == "GET" ? (200, "[]") : (201, """{"id":77}""");
        rig = await new NoticeRig(("GitHub:ApiUrl", github.Url.ToString())).WithProjectAsync();
        await rig.Plane.Get<StatusTokens>().SetAsync("shop", "ghp_example", "test", default);
    }

    [Fact]
    public async Task A_commit_shows_that_its_deployment_runs_and_how_it_ended()
    {
        var begun = await rig.BeginAsync();
        await rig.PumpAsync();
        await rig.Plane.Get<DeploymentStore>().UpdateAsync(begun.Id, d => d with { Status = DeploymentStatus.Succeeded, Summary = new string('s', 200) }, default);
        await rig.PumpAsync();

        var statuses = github.All.Where(r => r.Path == $"/repos/acme/shop/statuses/{TestData.Commit}").ToList();
        statuses.Select(s => (string)s.Json["state"]!).ShouldBe(["pending", "success"]);
        statuses.ShouldAllBe(s => (string)s.Json["context"]! == "vpspilot/shop" && (string)s.Json["target_url"]! == $"https://pilot.example.com/deployments/{begun.Id}");
        ((string)statuses[1].Json["description"]!).Length.ShouldBe(140);
        var made = github.All.Single(r => r.Method == "POST" && r.Path == "/repos/acme/shop/deployments").Json;
        ((string)made["ref"]!).ShouldBe(TestData.Commit);
        ((string)made["environment"]!).ShouldBe("production");
        ((bool)made["auto_merge"]!).ShouldBeFalse();
        made["required_contexts"]!.AsArray().Count.ShouldBe(0);
        ((string)made["payload"]!["vpspilot"]!).ShouldBe(begun.Id);
        github.All.Where(r => r.Path == "/repos/acme/shop/deployments/77/statuses").Select(r => (string)r.Json["state"]!).ShouldBe(["in_progress", "success"]);
        github.All.ShouldAllBe(r => r.Headers["Authorization"] == "Bearer ghp_example" && r.Headers["X-GitHub-Api-Version"] == "2022-11-28" && r.Headers["User-Agent"] == "vpspilot");
    }

    [Theory]
    [InlineData(nameof(DeploymentStatus.RolledBack), "failure", "failure")]
    [InlineData(nameof(DeploymentStatus.Failed), "failure", "failure")]
    [InlineData(nameof(DeploymentStatus.Superseded), "error", "inactive")]
    [InlineData(nameof(DeploymentStatus.Canceled), "error", "inactive")]
    public async Task Every_end_has_its_state(string status, string commit, string deployment)
    {
        await rig.EndAsync(Enum.Parse<DeploymentStatus>(status));

        await rig.PumpAsync();

        // The announcement of the start is told as the deployment stands now.
        github.All.Where(r => r.Path.Contains("/statuses/", StringComparison.Ordinal)).Select(r => (string)r.Json["state"]!).Distinct().ShouldBe([commit]);
        github.All.Where(r => r.Path.EndsWith("/77/statuses", StringComparison.Ordinal)).Select(r => (string)r.Json["state"]!).Distinct().ShouldBe([deployment]);
    }

    [Fact]
    public async Task An_attempt_that_was_cut_off_finds_the_deployment_it_made()
    {
        var begun = await rig.BeginAsync();
        github.Answer = r => r.Method == "GET" ? (200, $$$"""[{"id":5,"payload":"text"},{"id":6,"payload":{"vpspilot":"{{{begun.Id}}}"}}]""") : (201, """{"id":77}""");

        await rig.PumpAsync();

        github.All.ShouldContain(r => r.Path == "/repos/acme/shop/deployments/6/statuses");
        github.All.ShouldNotContain(r => r.Method == "POST" && r.Path == "/repos/acme/shop/deployments");
    }

    [Fact]
    public async Task GitHub_being_away_is_tried_again_and_a_token_that_is_refused_is_not()
    {
        await rig.EndAsync(DeploymentStatus.Failed);
        github.Answer = _ => (502, "");
        await rig.PumpAsync();
        var before = github.All.Count;
        github.Answer = _ => (401, "");
        rig.Plane.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.PumpAsync();
        var after = github.All.Count;
        rig.Plane.Time.Advance(TimeSpan.FromDays(1));
        await rig.PumpAsync();

        after.ShouldBeGreaterThan(before);
        github.All.Count.ShouldBe(after);
    }

    [Fact]
    public async Task Without_a_token_or_off_GitHub_nothing_is_sent()
    {
        await rig.Plane.Get<StatusTokens>().DeleteAsync("shop", default);
        await rig.EndAsync(DeploymentStatus.Failed);
        await rig.PumpAsync();
        await rig.Plane.Get<StatusTokens>().SetAsync("shop", "t", "test", default);
        await rig.Plane.Get<ProjectStore>().UpdateAsync("shop", p => p with { Provider = "gitea" }, default);
        await rig.EndAsync(DeploymentStatus.Failed);
        await rig.PumpAsync();

        github.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://github.com/acme/shop.git", "acme", "shop")]
    [InlineData("https://github.com/acme/shop", "acme", "shop")]
    [InlineData("git@github.com:acme/shop.git", "acme", "shop")]
    [InlineData("ssh://git@github.com/acme/my.shop.git", "acme", "my.shop")]
    public void A_repository_is_read_from_its_address(string address, string owner, string name) => GitHubRepository.Of(address).ShouldBe(new GitHubRepository(owner, name));

    [Theory]
    [InlineData("/srv/git/app.git")]
    [InlineData("https://github.com/acme")]
    [InlineData("https://github.com/acme/shop/more")]
    [InlineData("https://github.com/acme/..")]
    [InlineData("git@github.com:acme/sh op")]
    public void Any_other_address_is_none(string address) => GitHubRepository.Of(address).ShouldBeNull();

    public async Task DisposeAsync()
    {
        await rig.DisposeAsync();
        await github.DisposeAsync();
    }
}
