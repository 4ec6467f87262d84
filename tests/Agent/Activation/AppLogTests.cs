using VpsPilot.Agent.Activation.Health;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class AppLogTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AppLog log;
    private readonly string file;

    public AppLogTests()
    {
        var paths = new AgentPaths(new AgentSettings { Root = folder.Path });
        file = paths.AppLog("p");
        log = new AppLog(paths, new ProcessRunner(TimeProvider.System), TimeProvider.System);
    }

    [Fact]
    public async Task Only_what_was_written_since_the_mark_is_told()
    {
        (await TailAsync(log.MarkEnd("p"))).ShouldBeNull();
        await File.WriteAllTextAsync(file, "of the old release\n");
        var mark = log.MarkEnd("p");
        await File.AppendAllTextAsync(file, "of the new one\nError: no database\n");
        (await TailAsync(mark)).ShouldBe("of the new one\nError: no database");
    }

    [Fact]
    public async Task Of_much_only_the_end_is_told()
    {
        var mark = log.MarkEnd("p");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 100_000).Select(i => $"line {i}"));
        (await TailAsync(mark)).ShouldNotBeNull().ShouldEndWith("line 99998\nline 99999");
    }

    [Theory]
    [InlineData("start\nError: no database\n    at server.js:3\n\nNode.js v20", "Error: no database")]
    [InlineData("Traceback\n  File \"x\"\nValueError: bad", "ValueError: bad")]
    [InlineData("all is well", null)]
    [InlineData(null, null)]
    public void The_cause_is_the_last_line_that_reads_like_an_error(string? tail, string? cause) => AppLog.CauseIn(tail).ShouldBe(cause);

    public void Dispose() => folder.Dispose();

    private Task<string?> TailAsync(LogMark mark) => log.TailAsync("p", "unit", isFile: true, mark, default);
}
