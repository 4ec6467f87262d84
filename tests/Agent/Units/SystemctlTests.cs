using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Units;

/// <summary>What is asked of systemd, when it refuses for a moment or has not read what is written.</summary>
public sealed class SystemctlTests : IDisposable
{
    private const string Unit = "vpspilot-project-shop.service";
    private const string Text = "[Service]\nExecStart=/bin/true\n";

    private readonly AgentFolder folder = new();
    private readonly ProjectUnits units;

    public SystemctlTests()
    {
        Directory.CreateDirectory(folder.Settings.UnitDirectory);
        var systemctl = In("systemctl");
        File.WriteAllText(systemctl, $"""
            #!/bin/sh
            echo "$1" >> {In("calls")}
            case "$1" in
              show) cat {In("status")} ;;
              daemon-reload) test "$(grep -c daemon-reload {In("calls")})" -gt "$(cat {In("refusals")})" ;;
            esac
            """);
        File.SetUnixFileMode(systemctl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Refuse(0);
        units = new ProjectUnits(folder.Paths, new ProcessRunner(TimeProvider.System), TimeProvider.System, systemctl);
    }

    [Fact]
    public async Task A_systemd_that_refuses_to_read_its_units_is_asked_again()
    {
        Refuse(2);
        (await StartAsync()).ShouldBeNull();
        Calls().ShouldBe(["daemon-reload", "daemon-reload", "daemon-reload", "restart"]);
    }

    [Fact]
    public async Task A_systemd_that_goes_on_refusing_fails_the_step_and_starts_nothing()
    {
        Refuse(9);
        var failure = (await StartAsync()).ShouldNotBeNull();
        failure.Step.ShouldBe("start");
        failure.Message.ShouldContain("daemon-reload");
        Calls().ShouldBe(["daemon-reload", "daemon-reload", "daemon-reload"]);
    }

    [Theory]
    [InlineData(false, new[] { "show", "restart" })]
    [InlineData(true, new[] { "show", "daemon-reload", "restart" })]
    public async Task A_file_that_is_written_and_was_not_read_is_read_before_the_start(bool stale, string[] calls)
    {
        Written(stale);
        (await StartAsync()).ShouldBeNull();
        Calls().ShouldBe(calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_unit_that_runs_is_left_alone_only_where_systemd_has_read_its_file(bool stale)
    {
        Written(stale);
        (await StartAsync()).ShouldBeNull("so that it is enabled");
        File.Delete(In("calls"));

        (await units.EnsureRunningAsync(Unit, Text, "start", default)).ShouldBeNull();
        Calls().Contains("restart").ShouldBe(stale);
    }

    public void Dispose() => folder.Dispose();

    private Task<Failure?> StartAsync() => units.StartAsync(Unit, Text, "start", default);

    private string In(string name) => folder[name];

    private string[] Calls() => File.ReadAllLines(In("calls"));

    private void Refuse(int times) => File.WriteAllText(In("refusals"), $"{times}");

    private void Written(bool stale)
    {
        File.WriteAllText(folder.Paths.UnitFile(Unit), Text);
        File.WriteAllText(In("status"), $"Id={Unit}\nActiveState=active\nSubState=running\nMainPID=1\nNeedDaemonReload={(stale ? "yes" : "no")}\n");
    }
}
