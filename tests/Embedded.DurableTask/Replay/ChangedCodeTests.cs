using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Replay;

/// <summary>Code that was changed under a running instance: whatever the change, replay finds it and names both steps.</summary>
public sealed class ChangedCodeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string> Changes => new()
    {
        { "returns at once", "a call of activity 'A'; the code now has the end" },
        { "returns before the child", "a call of sub-orchestrator 'Child'; the code now has the end" },
        { "leaves a step out", "a call of activity 'A'; the code now has a call of sub-orchestrator 'Child'" },
        { "only waits", "a call of activity 'A'; the code now has nothing" },
        { "has one more step", "nothing; the code now has a call of activity 'B'" },
        { "sleeps instead", "a call of activity 'A'; the code now has a timer" },
        { "calls another child", "a call of sub-orchestrator 'Child'; the code now has a call of sub-orchestrator 'Other'" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_orchestrator_that_now(string change, string message)
    {
        string id;
        await using (var before = await StartAsync("is as it was"))
        {
            id = await before.Client.ScheduleNewOrchestrationInstanceAsync("Changing");
            await Runs.WaitForAsync(async () => (await before.Client.GetInstanceAsync(id, getInputsAndOutputs: true))?.SerializedCustomStatus is not null);
        }

        await using var after = await StartAsync(change);
        await after.Client.RaiseEventAsync(id, "go", 1);
        var ended = await after.EndAsync(id);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails.ShouldNotBeNull().ErrorType.ShouldContain("NonDeterministic");
        ended.FailureDetails.ErrorMessage.ShouldContain(message);
    }

    [Fact]
    public async Task An_orchestrator_that_is_gone_fails_its_instance_as_not_found()
    {
        string id;
        await using (var before = await StartAsync("is as it was"))
        {
            id = await before.Client.ScheduleNewOrchestrationInstanceAsync("Changing");
            await before.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);
        }

        await using var after = await DurableTaskTestHost.StartAsync(_ => { }, databasePath: Path.Combine(folder.Path, "hub.db"));
        await after.Client.RaiseEventAsync(id, "go", 1);

        (await after.EndAsync(id)).FailureDetails.ShouldNotBeNull().ErrorType.ShouldBe("OrchestratorTaskNotFound");
    }

    private static async Task RunAsync(TaskOrchestrationContext ctx, string change)
    {
        if (change == "returns at once")
        {
            return;
        }

        if (change == "sleeps instead")
        {
            await ctx.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        }
        else if (change is not ("leaves a step out" or "only waits"))
        {
            await ctx.CallActivityAsync("A");
        }

        if (change == "returns before the child")
        {
            return;
        }

        if (change == "only waits")
        {
            await ctx.WaitForExternalEvent<int>("go");
        }

        await ctx.CallSubOrchestratorAsync(change == "calls another child" ? "Other" : "Child");
        if (change == "has one more step")
        {
            await ctx.CallActivityAsync("B");
        }

        ctx.SetCustomStatus("waits");
        await ctx.WaitForExternalEvent<int>("go");
    }

    private Task<DurableTaskTestHost> StartAsync(string change) => DurableTaskTestHost.StartAsync(
        r => r
            .AddOrchestratorFunc("Changing", ctx => RunAsync(ctx, change))
            .AddOrchestratorFunc("Child", _ => { })
            .AddOrchestratorFunc("Other", _ => { })
            .AddActivityFunc("A", (TaskActivityContext _) => { })
            .AddActivityFunc("B", (TaskActivityContext _) => { }),
        databasePath: Path.Combine(folder.Path, "hub.db"));
}
