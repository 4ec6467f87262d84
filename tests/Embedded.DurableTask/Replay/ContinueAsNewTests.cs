using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Replay;

public sealed class ContinueAsNewTests
{
    [Fact]
    public async Task The_custom_status_lasts_through_the_first_step_of_the_next_execution()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc<bool, string>("Over", async (ctx, isSecond) =>
        {
            if (!isSecond)
            {
                ctx.SetCustomStatus("of the first");
                ctx.ContinueAsNew(true);
                return "";
            }

            var one = await ctx.WaitForExternalEvent<string>("go");
            return one + await ctx.WaitForExternalEvent<string>("go");
        }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Over", false);
        async Task<string?> StatusAsync() => (await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!.SerializedCustomStatus;
        await Runs.WaitForAsync(async () => (await host.Client.GetOrchestrationHistoryAsync(id)).Count > 0 && (await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!.ReadInputAs<bool>());
        (await StatusAsync()).ShouldBe("\"of the first\"");

        await host.Client.RaiseEventAsync(id, "go", "a");
        await Runs.WaitForAsync(async () => await StatusAsync() is null);

        await host.Client.RaiseEventAsync(id, "go", "b");
        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("ab");
    }
}
