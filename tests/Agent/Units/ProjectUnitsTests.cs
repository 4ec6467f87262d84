using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Tests.Units;

public sealed class ProjectUnitsTests : IDisposable
{
    private readonly AgentFolder folder = new();
    private readonly ProjectUnits units;

    public ProjectUnitsTests()
    {
        units = new ProjectUnits(folder.Paths, new ProcessRunner(TimeProvider.System));
        Directory.CreateDirectory(folder.Settings.UnitDirectory);
        Write("shop-mail", "vpspilot-project-shop-mail.service");
        Write("shop", "vpspilot-project-shop.service");
    }

    [Fact]
    public void A_workers_unit_that_is_another_projects_by_its_name_is_refused()
    {
        var failure = units.RefuseAnothers("shop", UnitFile.NamesOf("shop", Slot.InPlace, ["mail"]), "switch").ShouldNotBeNull();
        failure.Message.ShouldBe("The unit vpspilot-project-shop-mail.service is the project shop-mail's.");
        failure.Hint.ShouldNotBeNull().ShouldContain("rename the process");
        units.RefuseAnothers("shop", UnitFile.NamesOf("shop", Slot.InPlace, ["jobs"]), "switch").ShouldBeNull();
        units.RefuseAnothers("shop-mail", UnitFile.NamesOf("shop-mail", Slot.InPlace, []), "switch").ShouldBeNull();
    }

    [Fact]
    public void A_unit_that_the_agent_did_not_write_is_refused()
    {
        File.WriteAllText(folder.Paths.UnitFile("vpspilot-project-own.service"), "[Service]\n");
        units.RefuseAnothers("own", UnitFile.NamesOf("own", Slot.InPlace, []), "switch").ShouldNotBeNull().Message.ShouldBe("The unit vpspilot-project-own.service is not the agent's.");
    }

    public void Dispose() => folder.Dispose();

    private void Write(string project, string unit) => File.WriteAllText(folder.Paths.UnitFile(unit), $"[Service]\n{UnitFile.MarkOf(project)}\n");
}
