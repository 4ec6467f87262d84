using CsCheck;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Programs;

public sealed class RestartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_program_gives_the_same_result_with_and_without_restarts_between_its_steps() =>
        await Gen.Select(ProgramGen.Program, Gen.Int[0, 60].Array[0, 4]).SampleAsync(
            async (program, pauses) => (await RunAsync(program, pauses)).ShouldBe(Interpreter.Expected(program.Steps)),
            seed: "0000KOIPe036", iter: 40, threads: 2);

    /// <summary>Stops the engine after each pause and starts it again on the same file. One session in memory: every other step is a replay.</summary>
    private static async Task<long> RunAsync(ProgramState program, int[] pauses)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "hub.db");
        const string Id = "program";
        var started = false;
        foreach (var pause in pauses)
        {
            await using var host = await StartAsync(path);
            if (!started)
            {
                await host.Client.ScheduleNewOrchestrationInstanceAsync(Interpreter.Name, program, new Microsoft.DurableTask.StartOrchestrationOptions(Id));
                started = true;
            }

            await Task.Delay(pause);
        }

        await using var last = await StartAsync(path);
        if (!started)
        {
            await last.Client.ScheduleNewOrchestrationInstanceAsync(Interpreter.Name, program, new Microsoft.DurableTask.StartOrchestrationOptions(Id));
        }

        var ended = await last.Client.WaitForInstanceCompletionAsync(Id, getInputsAndOutputs: true).WaitAsync(Limit);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, ended.ToString());
        return ended.ReadOutputAs<long>();
    }

    private static Task<DurableTaskTestHost> StartAsync(string path) =>
        DurableTaskTestHost.StartAsync(r => Interpreter.Register(r, (_, _) => { }), databasePath: path, options: o => o.SessionsInMemory = 1);
}
