using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Edge;

public sealed class RouteClaimsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ReleaseStore releases;
    private readonly RouteClaims claims;

    public RouteClaimsTests()
    {
        var settings = new AgentSettings { Root = folder.Path, Edge = new EdgeSettings() };
        releases = new ReleaseStore(new AgentPaths(settings));
        claims = new RouteClaims(releases, settings);
    }

    [Fact]
    public void What_another_project_is_served_at_is_refused_and_kept()
    {
        Project("shop", new EdgeRoute { Domains = ["shop.test"], Port = 8080 });
        Claim("blog", new EdgeRoute { Domains = ["blog.test", "SHOP.test"] }).ShouldNotBeNull().Problems.ShouldHaveSingleItem().Path.ShouldBe("$.domains[1]");
        Claim("blog", new EdgeRoute { Domains = ["shop.test"], Port = 8080 }).ShouldNotBeNull().Problems.Select(p => p.Path).ShouldBe(["$.domains[0]", "$.edge.port"]);
        Claim("blog", new EdgeRoute { Port = 8080 }).ShouldNotBeNull().Message.ShouldBe("The port 8080 belongs to the project shop on this node.");
        Claim("blog", new EdgeRoute { Domains = ["blog.test"], Port = 8081 }).ShouldBeNull();
        Claim("shop", new EdgeRoute { Domains = ["shop.test"], Port = 8080 }).ShouldBeNull();
    }

    [Fact]
    public void What_another_project_is_about_to_be_served_at_is_refused_too()
    {
        Project("shop", null);
        releases.Save("shop", new ReleaseManifest { ReleaseId = "r1", Commit = new string('a', 40), StorePath = folder.Path, ClosureBytes = 1, BuiltAt = DateTimeOffset.UnixEpoch, Config = new ProjectConfig { Type = ProjectType.NodeJs, Domains = ["shop.test"] } });
        releases.Save("shop", new ActivationIntent { CommandId = "c1", To = "r1" });
        Claim("blog", new EdgeRoute { Domains = ["shop.test"] }).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Rejected);
        releases.Save("shop", new ActivationIntent { CommandId = "c1", To = "r1", Result = new() { Outcome = Contracts.Events.CommandOutcome.Failed } });
        Claim("blog", new EdgeRoute { Domains = ["shop.test"] }).ShouldBeNull();
    }

    [Fact]
    public void The_edges_own_ports_are_its_own_where_there_are_domains()
    {
        Project("blog", null);
        Claim("blog", new EdgeRoute { Port = 80 }).ShouldBeNull();
        Project("shop", new EdgeRoute { Domains = ["shop.test"] });
        Claim("blog", new EdgeRoute { Port = 80 }).ShouldNotBeNull().Message.ShouldContain("edge's own");
    }

    public void Dispose() => folder.Dispose();

    private void Project(string id, EdgeRoute? route)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "projects", id, "releases"));
        releases.Save(id, new ProjectState { Port = 21000, Route = route });
    }

    /// <summary>A claim that is refused is not kept.</summary>
    private Failure? Claim(string id, EdgeRoute route)
    {
        var isKept = false;
        var failure = claims.Claim(id, route, () => isKept = true);
        isKept.ShouldBe(failure is null);
        return failure;
    }
}
