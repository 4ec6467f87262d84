using CsCheck;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Units;

public sealed class UnitFileTests
{
    private static readonly UnitRequest Plain = new()
    {
        ProjectId = "hello",
        Slot = Slot.InPlace,
        Name = "Hello",
        User = "vpspilot-hello",
        Start = "/opt/vpspilot/projects/hello/slots/in-place/result/bin/start",
        EnvironmentFiles = ["/opt/vpspilot/projects/hello/slots/in-place/.env", "/opt/vpspilot/projects/hello/slots/in-place/unit.env"],
        DataDirectory = "/opt/vpspilot/projects/hello/data",
        Port = 21000,
        LogFile = "/opt/vpspilot/logs/hello.log",
        Resources = new ResourcesConfig(),
    };

    [Fact]
    public void A_plain_project() => Golden.Matches("plain.service", UnitFile.Render(Plain));

    [Fact]
    public void A_project_with_all_limits_and_no_log_file() => Golden.Matches("limits.service", UnitFile.Render(Plain with
    {
        LogFile = null,
        Resources = new ResourcesConfig { MemoryMax = 1 << 29, MemoryHigh = 1 << 28, CpuQuota = 150, OpenFiles = 4096, TasksMax = 64, Restart = "on-failure", RestartDelay = TimeSpan.FromMilliseconds(2500) },
    }));

    [Fact]
    public void A_worker_has_no_port() => Golden.Matches("worker.service", UnitFile.Render(Plain with { Slot = Slot.Green, Process = "mail", Start = "/opt/vpspilot/projects/hello/slots/green/result/bin/process-mail" }));

    [Theory]
    [InlineData(Slot.InPlace, null, "vpspilot-project-hello.service")]
    [InlineData(Slot.Blue, null, "vpspilot-project-hello-blue.service")]
    [InlineData(Slot.Green, "mail", "vpspilot-project-hello-mail-green.service")]
    [InlineData(Slot.InPlace, "mail", "vpspilot-project-hello-mail.service")]
    internal void Units_are_named_after_project_process_and_slot(Slot slot, string? process, string name)
    {
        UnitFile.NameOf("hello", slot, process).ShouldBe(name);
        UnitFile.SlotOf("hello", name).ShouldBe(slot);
    }

    [Fact]
    public void A_project_whose_id_ends_like_a_slot_has_its_own_slots()
    {
        foreach (var slot in new[] { Slot.InPlace, Slot.Blue, Slot.Green })
            UnitFile.SlotOf("shop-blue", UnitFile.NameOf("shop-blue", slot, "mail")).ShouldBe(slot);
        UnitFile.SlotOf("shop-blue", "vpspilot-project-shop-blue.service").ShouldBe(Slot.InPlace);
    }

    [Fact]
    public void A_units_project_is_in_its_text()
    {
        UnitFile.ProjectIn(UnitFile.Render(Plain).Split('\n')).ShouldBe("hello");
        UnitFile.ProjectIn(["[Service]"]).ShouldBeNull();
    }

    [Fact]
    public void Text_of_a_person_cannot_add_a_directive()
    {
        var unit = UnitFile.Render(Plain with { Name = "50% \"off\"\nExecStart=/bin/evil" });
        unit.ShouldContain("Description=50%% \\\"off\\\" ExecStart=/bin/evil (project");
        unit.Split('\n').Count(l => l.StartsWith("ExecStart=", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void No_text_of_a_person_changes_another_line() =>
        Gen.OneOfConst("%n", "%", "\"", "'", "\\", "\n", "\r", "$", "${HOME}", "\t", ";", "#", "=", "[Service]", "ExecStart=/bin/evil", " ", "é", "x").Array[0, 12].Select(string.Concat)
            .Sample(name => Others(UnitFile.Render(Plain with { Name = name })).ShouldBe(Others(UnitFile.Render(Plain))), seed: "0000KeCFbhj4", iter: 500);

    private static IEnumerable<string> Others(string unit) => unit.Split('\n').Where(l => !l.StartsWith("Description=", StringComparison.Ordinal));
}
