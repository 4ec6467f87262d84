using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config;

public sealed class RolloutOverridesTests
{
    private static readonly DeploymentConfig Commit = new()
    {
        Rollout = RolloutKind.Rolling,
        Rolling = new() { Batch = 4, Pause = TimeSpan.FromSeconds(9) },
        Canary = new() { Percent = 30, ProbeUrl = "https://example.com/" },
        Watch = TimeSpan.FromSeconds(7),
        OfflineWait = TimeSpan.FromMinutes(2),
    };

    [Fact]
    public void What_is_given_holds_and_all_else_is_as_the_commit_says() =>
        RolloutOverrides.Apply("""{"rollout": "canary", "rolling": {"batch": 9}, "canary": {"bake": "1m", "approval": true}, "offline_nodes": "exclude"}""", Commit).ShouldBe(Commit with
        {
            Rollout = RolloutKind.Canary,
            Rolling = Commit.Rolling with { Batch = 9 },
            Canary = Commit.Canary with { Bake = TimeSpan.FromMinutes(1), Approval = true },
            OfflineNodes = OfflineNodes.Exclude,
        });

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public void Nothing_given_changes_nothing(string? json) => RolloutOverrides.Apply(json, Commit).ShouldBe(Commit);

    [Fact]
    public void Every_mistake_is_listed_and_what_only_a_commit_can_say_is_one() =>
        RolloutOverrides.Check("""{"rollout": "sideways", "rolling": {"batch": 0}, "watch": "5s"}""").Select(p => p.Path)
            .ShouldBe(["$.deployment.rollout", "$.deployment.rolling.batch", "$.deployment.watch"]);

    [Theory]
    [InlineData("[]")]
    [InlineData("\"all\"")]
    public void Anything_but_an_object_is_refused(string json) => RolloutOverrides.Check(json).ShouldHaveSingleItem().Path.ShouldBe("$.deployment");
}
