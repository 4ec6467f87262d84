using CsCheck;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Hosting;
using VpsPilot.Embedded.DurableTask.Testing;
using Xunit.Abstractions;

namespace VpsPilot.Embedded.DurableTask.Tests.Programs;

/// <summary>Random programs give the same result however often the engine stops. VPSPILOT_PROGRAM_SEED sets the seed.</summary>
public sealed class RestartTests(ITestOutputHelper output)
{
    private const string Id = "program";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly string Seed = Environment.GetEnvironmentVariable("VPSPILOT_PROGRAM_SEED") ?? "0000KOIPe036";

    [Fact]
    public async Task A_program_gives_the_same_result_with_and_without_restarts_at_any_moment()
    {
        output.WriteLine($"seed {Seed}");
        await Gen.Select(ProgramGen.Program, Gen.Int[0, 60].Array[0, 4]).SampleAsync(
            async (program, pauses) => (await RunAsync(program, pauses)).ShouldBe(Interpreter.Expected(program.Steps)),
            seed: Seed, iter: 40, threads: 2);
    }

    [Fact]
    public async Task A_program_gives_the_same_result_when_the_engine_stops_after_each_of_its_steps()
    {
        output.WriteLine($"seed {Seed}");
        await ProgramGen.Program.SampleAsync(
            async program => (await RunStepByStepAsync(program)).ShouldBe(Interpreter.Expected(program.Steps)),
            seed: Seed, iter: 12, threads: 2);
    }

    /// <summary>Stops the engine after each pause and starts it again on the same file. One session in memory: every other step is a replay.</summary>
    private static async Task<long> RunAsync(ProgramState program, int[] pauses)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "hub.db");
        foreach (var pause in pauses)
        {
            await using var host = await StartAsync(path, program);
            await Task.Delay(pause);
        }

        await using var last = await StartAsync(path, program);
        return await ResultAsync(last);
    }

    /// <summary>Every life of the engine commits one step and then stops, before it has done anything about that step in memory.</summary>
    private static async Task<long> RunStepByStepAsync(ProgramState program)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "hub.db");
        while (true)
        {
            var stepped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var host = await StartAsync(path, program, o =>
            {
                o.MaxConcurrentOrchestrators = 1;
                o.DrainTimeout = TimeSpan.Zero;
                o.AfterStep = async () =>
                {
                    stepped.TrySetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan);
                };
            });
            if ((await host.Client.GetInstanceAsync(Id)).ShouldNotBeNull().IsCompleted)
            {
                return await ResultAsync(host);
            }

            await stepped.Task.WaitAsync(Limit);
        }
    }

    private static async Task<long> ResultAsync(DurableTaskTestHost host)
    {
        var ended = await host.Client.WaitForInstanceCompletionAsync(Id, getInputsAndOutputs: true).WaitAsync(Limit);
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, ended.ToString());
        return ended.ReadOutputAs<long>();
    }

    private static async Task<DurableTaskTestHost> StartAsync(string path, ProgramState program, Action<EmbeddedDurableTaskOptions>? options = null)
    {
        var host = await DurableTaskTestHost.StartAsync(
            r => Interpreter.Register(r, (_, _) => { }),
            databasePath: path,
            options: o =>
            {
                o.SessionsInMemory = 1;
                options?.Invoke(o);
            });
        if (await host.Client.GetInstanceAsync(Id) is null)
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync(Interpreter.Name, program, new StartOrchestrationOptions(Id));
        }

        return host;
    }
}
