using VpsPilot.Agent.Activation.Switching;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class SwitchNeedsTests
{
    [Fact]
    public void A_node_without_an_edge_names_all_that_needs_one_each_with_its_line()
    {
        var config = ConfigParser.Parse("""
            {
              "domains": ["shop.test"],
              "edge": {
                "port": 8080
              },
              "deployment": {
                "strategy": "blue-green"
              }
            }
            """);
        var release = new ReleaseManifest { ReleaseId = "r1", Commit = "c", StorePath = "/", ClosureBytes = 1, BuiltAt = DateTimeOffset.UnixEpoch, Config = config.Config!, Lines = config.Draft!.Lines.All };

        var failure = release.Locate(SwitchNeeds.Mistake(release.Config, hasEdge: false, isSplit: true).ShouldNotBeNull());

        failure.Problems.Select(p => (p.Path, p.Line)).ShouldBe([("$.deployment.strategy", 7), ("$.deployment.canary", 6), ("$.domains", 2), ("$.edge.port", 4)]);
        SwitchNeeds.Mistake(release.Config, hasEdge: true, isSplit: true).ShouldBeNull();
    }

    [Fact]
    public void A_part_of_the_traffic_and_one_unit_rule_each_other_out()
    {
        var config = new ProjectConfig { Deployment = new() { Strategy = SwitchStrategy.InPlace } };

        SwitchNeeds.Mistake(config, hasEdge: true, isSplit: true).ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.deployment.strategy");
        SwitchNeeds.Mistake(config, hasEdge: true, isSplit: false).ShouldBeNull();
        SwitchNeeds.Mistake(config, hasEdge: false, isSplit: false).ShouldBeNull();
    }
}
