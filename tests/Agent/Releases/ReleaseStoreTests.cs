using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Releases;

public sealed class ReleaseStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempFolder folder = new();
    private readonly ReleaseStore store;

    public ReleaseStoreTests() => store = new ReleaseStore(new AgentPaths(new AgentSettings { Root = folder.Path }));

    [Fact]
    public void A_release_is_read_back_with_its_config()
    {
        var release = Release("r1", 1) with { Config = new ProjectConfig { Type = ProjectType.NodeJs, Env = new Dictionary<string, string> { ["A"] = "{{B}}" }, Deployment = new DeploymentConfig { Watch = TimeSpan.FromSeconds(7) } } };
        store.Save("p", release);
        var read = store.Find("p", "r1").ShouldNotBeNull();
        read.Config.Deployment.Watch.ShouldBe(TimeSpan.FromSeconds(7));
        read.Config.Env["A"].ShouldBe("{{B}}");
        read.BuiltAt.ShouldBe(release.BuiltAt);
        store.Find("p", "r2").ShouldBeNull();
        store.Find("q", "r1").ShouldBeNull();
    }

    [Fact]
    public void A_release_whose_store_path_is_gone_is_none()
    {
        store.Save("p", Release("r1", 1) with { StorePath = folder["gone"] });
        store.Find("p", "r1").ShouldBeNull();
        store.List("p").ShouldBeEmpty();
    }

    [Fact]
    public void The_current_link_names_the_release_and_can_be_taken_away()
    {
        store.Current("p").ShouldBeNull();
        store.Save("p", Release("r1", 1));
        store.Save("p", Release("r2", 2));
        store.SetCurrent("p", "r1");
        store.SetCurrent("p", "r2");
        store.Current("p").ShouldNotBeNull().ReleaseId.ShouldBe("r2");
        store.SetCurrent("p", null);
        store.SetCurrent("p", null);
        store.Current("p").ShouldBeNull();
        store.Projects().ShouldBe(["p"]);
    }

    [Fact]
    public void The_previous_release_is_the_newest_earlier_one_that_proved_itself()
    {
        foreach (var release in new[] { Release("r1", 1), Release("r2", 2), Release("r3", 3) with { ProvedAt = null }, Release("r4", 4), Release("r5", 5) })
            store.Save("p", release);
        store.SetCurrent("p", "r4");
        store.Previous("p").ShouldNotBeNull().ReleaseId.ShouldBe("r2");
        store.SetCurrent("p", "r1");
        store.Previous("p").ShouldBeNull();
    }

    [Fact]
    public void The_previous_release_is_not_one_that_was_given_up()
    {
        foreach (var release in new[] { Release("r1", 1), Release("r2", 2) with { Followed = "r1" }, Release("r3", 3) with { Followed = "r2" }, Release("r4", 4) with { Followed = "r2" } })
            store.Save("p", release);
        store.SetCurrent("p", "r4");
        store.Previous("p").ShouldNotBeNull().ReleaseId.ShouldBe("r2");
        store.SetCurrent("p", "r2");
        store.Previous("p").ShouldNotBeNull().ReleaseId.ShouldBe("r1");
        store.Save("p", Release("r2", 2) with { StorePath = folder["gone"] });
        store.SetCurrent("p", "r4");
        store.Previous("p").ShouldNotBeNull().ReleaseId.ShouldBe("r3");
    }

    [Fact]
    public void A_switch_comes_from_what_serves_or_from_where_an_unfinished_one_came()
    {
        foreach (var release in new[] { Release("r1", 1), Release("r2", 2), Release("r3", 3) })
            store.Save("p", release);
        store.SetCurrent("p", "r2");
        store.SwitchFrom("p", "c", "r3").ShouldNotBeNull().ReleaseId.ShouldBe("r2");
        store.SwitchFrom("p", "c", "r2").ShouldNotBeNull().ReleaseId.ShouldBe("r1");
        store.Save("p", new ActivationIntent { CommandId = "other", From = "r1", To = "r2", IsTouched = true });
        store.SwitchFrom("p", "c", "r3").ShouldNotBeNull().ReleaseId.ShouldBe("r1");
        store.Save("p", new ActivationIntent { CommandId = "c", From = null, To = "r3" });
        store.SwitchFrom("p", "c", "r3").ShouldBeNull();
    }

    public void Dispose() => folder.Dispose();

    private ReleaseManifest Release(string id, int number) => new()
    {
        ReleaseId = id,
        Commit = new string('a', 40),
        StorePath = folder.Path,
        ClosureBytes = 1,
        Config = new ProjectConfig { Type = ProjectType.Static },
        BuiltAt = Start.AddMinutes(number),
        Generation = number,
        ProvedAt = Start.AddMinutes(number),
    };
}
