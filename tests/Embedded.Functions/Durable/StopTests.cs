using VpsPilot.Embedded.Functions.Tests.Sample;

namespace VpsPilot.Embedded.Functions.Tests.Durable;

public sealed class StopTests(SampleApp app) : IClassFixture<SampleApp>
{
    [Fact]
    public async Task An_activity_that_ends_by_its_token_at_a_stop_runs_again_at_the_next_start()
    {
        var id = await app.Durable.ScheduleNewOrchestrationInstanceAsync("LongWork");
        await app.WaitForAsync(lines => lines.Contains("work began"));

        await app.StopAsync().WaitAsync(SampleApp.Limit);
        await app.StartAsync();

        app.Journal.Add("work may end");
        using var limit = new CancellationTokenSource(SampleApp.Limit);
        var ended = await app.Durable.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
        ended.ReadOutputAs<string>().ShouldBe("done");
        app.Journal.Lines.ShouldContain("work began");
    }
}
