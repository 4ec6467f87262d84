using Microsoft.Extensions.Time.Testing;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Logs;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Commands;

public sealed class StageReporterTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();
    private readonly List<StageProgress> reports = [];
    private readonly DeploymentLog log;
    private readonly CommandOutput output;
    private readonly StageReporter stages;

    public StageReporterTests()
    {
        log = new DeploymentLog(folder["x.log"]);
        output = new CommandOutput(log);
        stages = new StageReporter(reports.Add, output, time);
    }

    [Fact]
    public async Task A_stage_says_when_it_started_how_it_ended_and_how_long_it_took()
    {
        var result = await stages.RunAsync("fetch", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(1234));
            return Task.FromResult<Result<string>>("abc");
        }, v => $"got {v}");
        result.Value.ShouldBe("abc");
        reports.Select(r => (r.Stage, r.State, r.DurationMilliseconds, r.Detail)).ShouldBe([("fetch", StageState.Started, null, null), ("fetch", StageState.Completed, 1234, "got abc")]);
        File.ReadAllLines(folder["x.log"]).ShouldBe(["==> fetch", "<== fetch done in 1.23 s: got abc"]);
    }

    [Fact]
    public async Task A_failure_is_reported_without_secrets()
    {
        output.Hide(["hunter22"]);
        var result = await stages.RunAsync("test", () => Task.FromResult<Result<string>>(new Failure("test", FailureKind.Exit, "hunter22 said no") { StderrTail = "hunter22", Hint = "not hunter22" }));
        result.Failure.ShouldBe(new Failure("test", FailureKind.Exit, "[redacted] said no") { StderrTail = "[redacted]", Hint = "not [redacted]" });
        (reports[^1].State, reports[^1].Detail).ShouldBe((StageState.Failed, "[redacted] said no"));
        File.ReadAllText(folder["x.log"]).ShouldNotContain("hunter22");
    }

    [Fact]
    public async Task A_canceled_stage_ends_too()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => stages.RunAsync<string>("compile", () => throw new OperationCanceledException()));
        (reports[^1].State, reports[^1].Detail).ShouldBe((StageState.Failed, "canceled"));
    }

    public void Dispose()
    {
        log.Dispose();
        folder.Dispose();
    }
}
