using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Operations;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Operations;

public sealed class InstalledUnitsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly InstalledUnits units;

    public InstalledUnitsTests() => units = new InstalledUnits(new AgentPaths(new AgentSettings { UnitDirectory = folder.Path }));

    [Fact]
    public void Units_are_the_projects_that_their_files_name_whatever_the_ids_look_like()
    {
        Write("vpspilot-project-shop.service", "shop", 21000, "/opt/vpspilot/logs/shop.log");
        Write("vpspilot-project-shop-blue.service", "shop-blue", 21001, null);
        Write("vpspilot-project-shop-green.service", "shop", 21002, null);
        Write("vpspilot-project-shop-mail-worker.service", "shop", null, null);
        Write("vpspilot-project-shop-blue-worker.service", "shop", null, null);
        File.WriteAllText(folder["vpspilot-project-other.service"], "[Service]\n");
        File.WriteAllText(folder["nginx.service"], "[Service]\n");

        units.Of("shop").ShouldBe(
        [
            new InstalledUnit("vpspilot-project-shop-green.service", "shop", "web", "green", 21002, null),
            new InstalledUnit("vpspilot-project-shop.service", "shop", "web", null, 21000, "/opt/vpspilot/logs/shop.log"),
            new InstalledUnit("vpspilot-project-shop-blue-worker.service", "shop", "worker", "blue", null, null),
            new InstalledUnit("vpspilot-project-shop-mail-worker.service", "shop", "mail-worker", null, null, null),
        ]);
        units.Of("shop-blue").ShouldBe([new InstalledUnit("vpspilot-project-shop-blue.service", "shop-blue", "web", null, 21001, null)]);
        units.Of("nothing").ShouldBeEmpty();
        units.All().Count.ShouldBe(5);
    }

    [Fact]
    public void The_unit_that_the_agent_renders_is_read_back()
    {
        var text = Agent.Units.UnitFile.Render(new()
        {
            ProjectId = "shop",
            Slot = Agent.Releases.Slot.InPlace,
            Name = "Shop",
            User = "vpspilot-shop",
            Start = "/x/start",
            EnvironmentFiles = ["/x/.env"],
            DataDirectory = "/x/data",
            Port = 21007,
            LogFile = "/x/shop.log",
            Resources = new(),
        });
        InstalledUnits.Parse("vpspilot-project-shop.service", text.Split('\n')).ShouldBe(new InstalledUnit("vpspilot-project-shop.service", "shop", "web", null, 21007, "/x/shop.log"));
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string project, int? port, string? log) => File.WriteAllText(folder[name],
        $"[Service]\n{(port is null ? "" : $"Environment=\"PORT={port}\"\n")}Environment=\"VPSPILOT_PROJECT={project}\"\nStandardOutput={(log is null ? "journal" : "append:" + log)}\n");
}
