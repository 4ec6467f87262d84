using VpsPilot.Agent.Edge;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Edge;

public sealed class EdgeSwitchTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EdgeSwitch files;

    public EdgeSwitchTests() => files = new EdgeSwitch(new AgentPaths(new AgentSettings { Root = folder.Path }));

    [Fact]
    public void A_file_says_that_green_has_the_traffic()
    {
        files.To("shop", Slot.Green);
        Names().ShouldBe(["green"]);
        files.To("shop", Slot.Green);
        files.To("shop", Slot.Blue);
        Names().ShouldBeEmpty();
        files.To("shop", Slot.InPlace);
        Names().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Slot.Green, 10, 26)]
    [InlineData(Slot.Blue, 10, 230)]
    [InlineData(Slot.Green, 1, 3)]
    [InlineData(Slot.Green, 99, 253)]
    internal void A_split_gives_green_its_share_of_256(Slot slot, int percent, int green)
    {
        files.Split("shop", slot, percent);
        var shares = Directory.GetFiles(Path.Combine(folder.Path, "edge/switch/shop/shares")).Select(Path.GetFileName).Order().ToList();
        shares.ShouldBe(Enumerable.Range(0, green).Select(s => $"{s:x2}"));
        Names().ShouldBe(["split"]);
        files.To("shop", slot);
        Names().ShouldBe(slot == Slot.Green ? ["green"] : []);
    }

    [Fact]
    public void Holding_and_forgetting()
    {
        files.Hold("shop", true);
        Names().ShouldBe(["hold"]);
        files.Hold("shop", false);
        Names().ShouldBeEmpty();
        files.Remove("shop");
        files.Remove("shop");
        Directory.Exists(Path.Combine(folder.Path, "edge/switch/shop")).ShouldBeFalse();
    }

    public void Dispose() => folder.Dispose();

    private IEnumerable<string?> Names() => Directory.GetFiles(Path.Combine(folder.Path, "edge/switch/shop")).Select(Path.GetFileName).Order();
}
