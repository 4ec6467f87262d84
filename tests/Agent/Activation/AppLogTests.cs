using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class AppLogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AgentPaths paths;
    private readonly AppLog log;
    private readonly string file;

    public AppLogTests()
    {
        paths = new AgentPaths(new AgentSettings { Root = folder.Path });
        file = paths.AppLog("p", "blue");
        log = new AppLog(paths, new ProcessRunner(TimeProvider.System), TimeProvider.System);
    }

    [Fact]
    public async Task Only_what_was_written_since_the_mark_is_told()
    {
        (await TailAsync(log.MarkEnd("p", Slot.Blue))).ShouldBeNull();
        await File.WriteAllTextAsync(file, "of the old release\n");
        var mark = log.MarkEnd("p", Slot.Blue);
        await File.AppendAllTextAsync(file, "of the new one\nError: no database\n");
        (await TailAsync(mark)).ShouldBe("of the new one\nError: no database");
    }

    [Fact]
    public async Task Of_much_only_the_end_is_told()
    {
        var mark = log.MarkEnd("p", Slot.Blue);
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 100_000).Select(i => $"line {i}"));
        (await TailAsync(mark)).ShouldNotBeNull().ShouldEndWith("line 99998\nline 99999");
    }

    [Fact]
    public async Task What_another_slot_or_process_writes_is_not_told_as_the_apps()
    {
        var mark = log.MarkEnd("p", Slot.Blue);
        await File.WriteAllTextAsync(paths.AppLog("p", "green"), "busy\n");
        await File.WriteAllTextAsync(paths.AppLog("p", "blue", "mail"), "Error: no queue\n");
        (await TailAsync(mark)).ShouldBeNull();
        (await TailAsync(mark, "mail")).ShouldBe("Error: no queue");
    }

    [Fact]
    public async Task The_log_of_the_project_is_that_of_the_slot_that_serves_and_an_earlier_agents_is_put_aside()
    {
        Directory.CreateDirectory(paths.AppLogs);
        await File.WriteAllTextAsync(paths.AppLog("p"), "before\n");
        await File.WriteAllTextAsync(file, "blue\n");
        log.Lead("p", Slot.Green);
        log.Lead("p", Slot.Blue);
        log.Lead("p", Slot.Blue);
        (await File.ReadAllTextAsync(paths.AppLog("p"))).ShouldBe("blue\n");
        (await File.ReadAllTextAsync(paths.AppLog("p") + ".1")).ShouldBe("before\n");
    }

    [Theory]
    [InlineData("start\nError: no database\n    at server.js:3\n\nNode.js v20", "Error: no database")]
    [InlineData("Traceback\n  File \"x\"\nValueError: bad", "ValueError: bad")]
    [InlineData("all is well", null)]
    [InlineData(null, null)]
    public void The_cause_is_the_last_line_that_reads_like_an_error(string? tail, string? cause) => AppLog.CauseIn(tail).ShouldBe(cause);

    public void Dispose() => folder.Dispose();

    private Task<string?> TailAsync(LogMark mark, string? process = null) => log.TailAsync(
        new WatchedApp("p", "r1", UnitFile.NameOf("p", Slot.Blue), 1, new ProjectConfig { Processes = new Dictionary<string, ProcessConfig> { ["mail"] = new() { Command = "x" } } }, mark) { Slot = Slot.Blue, EnvironmentFile = "", StorePath = "" },
        UnitFile.NameOf("p", Slot.Blue, process), default);
}
