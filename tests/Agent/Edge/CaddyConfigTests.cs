using System.Text.Json;
using System.Text.Json.Nodes;
using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Edge;

public sealed class CaddyConfigTests
{
    private static readonly RoutedProject Plain = new("blog", new EdgeRoute(), "/opt/vpspilot/edge/switch/blog", 21000, null, 21001);

    private static readonly RoutedProject Shop = new(
        "shop", new EdgeRoute { Domains = ["shop.example.org", "www.shop.example.org"], MaxBody = 1 << 20 }, "/opt/vpspilot/edge/switch/shop", 21002, 21003, 21004);

    private static readonly RoutedProject Api = new(
        "api", new EdgeRoute { Domains = ["api.example.org"], Port = 8080, HttpsRedirect = false }, "/opt/vpspilot/edge/switch/api", 21005, 21006, 21007);

    [Fact]
    public void A_project_without_domain_is_on_a_loopback_port() => Matches("plain.json", new EdgeSettings(), Plain);

    [Fact]
    public void Projects_with_domains_and_ports() => Matches("domains.json", new EdgeSettings { AcmeEmail = "ops@example.org" }, Shop, Api, Plain);

    [Fact]
    public void The_same_projects_in_another_order_are_the_same_text() =>
        CaddyConfig.Render(new EdgeSettings(), [Plain, Shop]).ToJsonString().ShouldBe(CaddyConfig.Render(new EdgeSettings(), [Shop, Plain]).ToJsonString());

    [Fact]
    public void What_serves_is_not_in_it()
    {
        // Else each switch would load a configuration, and that closes websockets.
        var state = new ProjectState { Port = 1, GreenPort = 2, FrontPort = 3, Route = new EdgeRoute() };
        var before = RoutedProject.Of("p", state, "/x").ShouldNotBeNull();
        RoutedProject.Of("p", state with { Slot = Slot.Green, SwitchedAt = DateTimeOffset.UnixEpoch }, "/x").ShouldBe(before);
    }

    private static void Matches(string name, EdgeSettings settings, params RoutedProject[] projects)
    {
        var text = JsonNode.Parse(CaddyConfig.Render(settings, projects).ToJsonString())!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        Golden.Matches(name, text + "\n");
    }
}
